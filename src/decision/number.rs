//! Document numbers (发文字号): 机关代字〔年〕序号号, as GB/T 9704-2012, 7.2.5 has them: the year in full within
//! six-sided brackets, the number in Arabic digits without 第 and without leading zeros.

use chrono::{Datelike as _, NaiveDate};

use crate::problem::Problem;

const OPENING: &[char] = &['〔', '[', '［', '【', '(', '（', '﹝', '{', '｛', '「', '<', '《'];
const CLOSING: &[char] = &['〕', ']', '］', '】', ')', '）', '﹞', '}', '｝', '」', '>', '》'];
const LONGEST_CODE: usize = 20;

/// The number as it is printed, from what a person typed: any brackets, any width of digits, spaces.
///
/// # Errors
/// `invalid` for the field `doc_number`, saying what is wrong with it.
pub fn normalise(typed: &str, promulgated_on: NaiveDate) -> Result<String, Problem> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace()).map(narrow).collect();
    let (code, rest) = text.split_once(OPENING).ok_or_else(shape)?;
    let (year, number) = rest.split_once(CLOSING).ok_or_else(shape)?;
    let length = code.chars().count();
    let letters = code.chars().all(char::is_alphabetic) && !code.contains('第');
    if length == 0 || length > LONGEST_CODE || !letters {
        return Err(shape());
    }
    let digits = number.strip_suffix('号').ok_or_else(shape)?;
    if year.len() != 4 || !digits_only(year) || !digits_only(digits) || digits.len() > 5 {
        return Err(shape());
    }
    if digits.starts_with('0') {
        return Err(wrong("序号不编虚位，例如“1号”，不写“01号”", "No leading zeros: 1号, not 01号"));
    }
    // A text signed at the end of a year may be issued in the next.
    let issued = promulgated_on.year();
    let year: i32 = year.parse().map_err(|_| shape())?;
    if year != issued && year != issued - 1 {
        return Err(wrong(
            format!("发文字号的年份是 {year}，与出台日期（{issued}年）不符"),
            format!("The year of the number is {year}, but the decision was issued in {issued}"),
        ));
    }
    Ok(format!("{code}〔{year}〕{digits}号"))
}

/// Full-width letters and digits as plain ones.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c)
        }
        c => c,
    }
}

fn digits_only(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn shape() -> Problem {
    wrong(
        "应为“机关代字〔年份〕序号号”，例如“沪体规〔2020〕1号”",
        "Should be like 沪体规〔2020〕1号: code of the body, 〔year〕, number and 号",
    )
}

fn wrong(
    zh: impl Into<std::borrow::Cow<'static, str>>,
    en: impl Into<std::borrow::Cow<'static, str>>,
) -> Problem {
    Problem::invalid("doc_number", zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Result<String, String> {
        let day = NaiveDate::from_ymd_opt(2020, 3, 2).unwrap();
        normalise(typed, day).map_err(|p| p.fields[0].message.zh.to_string())
    }

    #[test]
    fn every_usual_spelling_becomes_the_printed_one() {
        for typed in [
            "沪体规〔2020〕1号",
            "沪体规[2020]1号",
            "沪体规【2020】1号",
            "沪体规（2020）1号",
            "沪体规(2020)1号",
            " 沪体规﹝２０２０﹞ １ 号 ",
        ] {
            assert_eq!(read(typed).as_deref(), Ok("沪体规〔2020〕1号"), "{typed}");
        }
        assert_eq!(read("沪体规〔2019〕128号").as_deref(), Ok("沪体规〔2019〕128号"));
        assert_eq!(read("Ｘ体〔2020〕7号").as_deref(), Ok("X体〔2020〕7号"));
    }

    #[test]
    fn anything_else_is_refused_with_the_reason() {
        for bad in [
            "",
            "沪体规",
            "沪体规〔2020〕",
            "沪体规〔2020〕1",
            "沪体规〔20〕1号",
            "〔2020〕1号",
            "沪体规〔2020〕第1号",
            "沪体规〔2020〕一号",
            "沪体规2020〕1号",
            "沪体规〔2020〕1号1",
            "沪体1〔2020〕1号",
            "沪体规〔2020〕123456号",
            "沪体规〔2020〕〔2020〕1号",
            "a\u{0}〔2020〕1号",
        ] {
            assert!(read(bad).unwrap_err().contains("机关代字"), "{bad}");
        }
        assert!(read("沪体规〔2020〕01号").unwrap_err().contains("虚位"));
        assert!(read("沪体规〔2018〕1号").unwrap_err().contains("2018"));
        assert!(read("沪体规〔2021〕1号").unwrap_err().contains("2021"));
    }
}
