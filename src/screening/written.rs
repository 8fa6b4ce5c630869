//! What is written in letters: e-mail addresses, links, accounts of messengers, number plates, homes.

use std::sync::LazyLock;

use regex::Regex;

use super::fold::Folded;
use super::{Finding, Kind};

const TOP: &str =
    "(?:com|cn|net|org|edu|gov|info|cc|top|vip|xyz|site|shop|club|io|me|tv|hk|tw|mo|wang|store|online)";

/// How a door is written: the digit before it tells it from 教室 and 农户.
const DOORS: [&str; 33] = [
    "0室", "0户", "0房", "1室", "1户", "1房", "2室", "2户", "2房", "3室", "3户", "3房", "4室", "4户", "4房",
    "5室", "5户", "5房", "6室", "6户", "6房", "7室", "7户", "7房", "8室", "8户", "8房", "9室", "9户", "9房",
    "零室", "零户", "零房",
];

struct Pattern {
    kind: Kind,
    /// None of these in a text, and the pattern is not in it: looking for them costs next to nothing.
    needs: &'static [&'static str],
    /// Its first group is the passage.
    regex: Regex,
}

/// Over folded text.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let at = r"(?:\s?@\s?|\s?[(\[{（【]\s?(?:at|艾特|@)\s?[)\]}）】]\s?|\sat\s|艾特|圈a)";
    let dot = r"(?:\.|\s\.\s|\s?[(\[（【]\s?(?:dot|点)\s?[)\]）】]\s?|\sdot\s|点|。)";
    let list = [
        (
            Kind::Email,
            &["@", "at", "艾特", "圈a"][..],
            format!(r"([a-z0-9][a-z0-9._%+-]{{0,40}}{at}(?:[a-z0-9-]{{1,30}}{dot}){{1,3}}{TOP})(?:[^a-z0-9]|$)"),
        ),
        // A mark in place of the at sign, before a provider everybody knows.
        (
            Kind::Email,
            &["#", "&", "*", "$"][..],
            r"([a-z0-9][a-z0-9._%+-]{2,40}\s?[#&*$]\s?(?:qq|163|126|139|189|sina|sohu|gmail|hotmail|outlook|foxmail|yeah|aliyun|tom|21cn)(?:\.|点|。)(?:com|cn|net))".to_owned(),
        ),
        (Kind::Link, &["://", "www."][..], r"((?:https?|ftp)://[!-~]+|www\.[!-~]+)".to_owned()),
        (Kind::Link, &["."][..], format!(r"(?:^|[^a-z0-9@._-])((?:[a-z0-9-]{{2,40}}\.){{1,3}}{TOP}(?:/[!-~]*)?)(?:[^a-z0-9@]|$)")),
        (
            Kind::Account,
            &["qq", "扣扣", "企鹅号", "q号", "球球"][..],
            r"(?:qq|扣扣|企鹅号|q号|球球)\s?(?:号码|号|群)?\s?[:：是为]?\s?([1-9][0-9]{4,10})(?:[^0-9@]|$)".to_owned(),
        ),
        (
            Kind::Account,
            &["信", "微芯", "vx", "wechat", "加v", "加微"][..],
            r"(?:微信|威信|薇信|微芯|v信|vx|wechat|加v|加微)\s?(?:号码|号)?\s?[:：是为]?\s?([a-z][a-z0-9_-]{5,19})".to_owned(),
        ),
        (
            Kind::Plate,
            &["京", "津", "沪", "渝", "冀", "豫", "云", "辽", "黑", "湘", "皖", "鲁", "新", "苏", "浙", "赣", "鄂",
                "桂", "甘", "晋", "蒙", "陕", "吉", "闽", "贵", "粤", "青", "藏", "川", "宁", "琼"][..],
            r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[a-hj-z][\s·.-]?(?:[a-hj-np-z0-9][\s·-]?){4}[a-hj-np-z0-9学警港澳][a-hj-np-z0-9]?)(?:[^a-z0-9]|$)".to_owned(),
        ),
        (
            Kind::Address,
            &DOORS[..],
            r"((?:[\p{Han}a-z0-9]{1,10}(?:路|街|巷|弄|道|小区|社区|苑|园|公寓|新村|村|里|坊|府|庭|城|湾|家属院|宿舍))[\p{Han}a-z0-9-]{0,10}?(?:[0-9一二三四五六七八九十]{1,4}\s?(?:号楼|栋|幢|座|号|单元|弄|组)\s?){1,3}(?:[0-9一二三四五六七八九十]{1,2}\s?(?:单元|门)\s?)?[0-9a-z一二三四五六七八九十零〇]{1,5}\s?(?:室|户|房))".to_owned(),
        ),
        (
            Kind::Address,
            &["单元", "门"][..],
            r"((?:[0-9一二三四五六七八九十]{1,3}\s?(?:号楼|栋|幢|座))\s?(?:[0-9一二三四五六七八九十]{1,2}\s?(?:单元|门))\s?[0-9一二三四五六七八九十零〇]{2,5}\s?(?:室|户|房|号)?)".to_owned(),
        ),
    ];
    // The patterns are constants and tested; one that is not valid would be left out.
    let compile = |(kind, needs, pattern): (Kind, &'static [&'static str], String)| {
        Some(Pattern { kind, needs, regex: Regex::new(&pattern).ok()? })
    };
    list.into_iter().filter_map(compile).collect()
});

pub fn find(folded: &Folded<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for Pattern { kind, needs, regex } in PATTERNS.iter() {
        if !needs.iter().any(|needle| folded.text.contains(needle)) {
            continue;
        }
        let mut from = 0;
        while let Some(captures) = regex.captures_at(&folded.text, from) {
            let Some(m) = captures.get(1) else { break };
            // What ended this passage may begin the next.
            from = m.end();
            let shown = &folded.text[m.start()..m.end()];
            if *kind == Kind::Plate && shown.chars().filter(char::is_ascii_digit).count() < 2 {
                continue;
            }
            if let Some((start, end)) = folded.place(m.start(), m.end()) {
                found.push(Finding { kind: *kind, start, end });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_valid() {
        assert_eq!(PATTERNS.len(), 9);
    }
}
