//! Tables that people keep in spreadsheets: Excel workbooks (.xlsx), and CSV in whatever encoding. Gives rows of
//! plain text; what they mean is the reader's business.
//!
//! An upload is hostile until proven otherwise: the container is unpacked once into nothing, to measure it,
//! before the parser sees it, and cells are read one after another, because a sheet of two cells may span
//! seventeen thousand million.

use std::io::{self, Cursor, Read as _};

use calamine::{DataRef, DataType as _, Reader as _, Xlsx};
use zip::ZipArchive;

use crate::clauses::decode_text;
use crate::problem::{Words, words};

/// Rows that are read; more are refused.
pub const MOST_ROWS: usize = 5_000;
/// Columns that are looked at; what stands further right is left out.
const MOST_COLUMNS: u32 = 60;
/// What all parts of a workbook may unpack to.
const MOST_UNPACKED: u64 = 64 * 1024 * 1024;
const MOST_ENTRIES: usize = 1_000;

/// A row that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As the spreadsheet counts, from 1.
    pub number: u32,
    /// Without the blanks around them.
    pub cells: Vec<String>,
}

/// Reads the first sheet of a workbook, or a CSV file.
///
/// # Errors
/// Why it cannot be read, in words for who sent it.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, Words> {
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook(bytes);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(words(
            "这是旧版 Excel 文件（.xls）或加密文件，请另存为不加密的 .xlsx 后再上传",
            "This is an old Excel file (.xls) or an encrypted one; save it as .xlsx without a password",
        ));
    }
    let text = decode_text(bytes).map_err(|_| {
        words(
            "无法识别这个文件，请上传 .xlsx 或 CSV 文件",
            "This file cannot be read; send an .xlsx or a CSV file",
        )
    })?;
    parse(&text)
}

/// Reads a table as CSV, or as cells copied from a spreadsheet, which have tabs between them.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str) -> Result<Vec<Line>, Words> {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.contains('\t') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    // A row may be several lines of text; an empty line is a row of its own, which the reader skips.
    let mut number = 0;
    for row in reader.records() {
        let row = row.map_err(|_| damaged())?;
        let at = row.position().map_or(0, csv::Position::byte);
        let rest = usize::try_from(at).ok().and_then(|at| text.get(at..)).unwrap_or_default();
        let empty = rest.chars().take_while(|c| matches!(c, '\r' | '\n')).filter(|c| *c == '\n').count();
        number += 1 + u32::try_from(empty).unwrap_or(0);
        let cells = row.iter().take(MOST_COLUMNS as usize).map(|c| c.trim().to_owned()).collect();
        push(&mut lines, number, cells)?;
    }
    Ok(lines)
}

/// The same table as CSV, to be sent back by a form.
pub fn write(lines: &[Line]) -> String {
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for line in lines {
        // Memory does not fail to be written to; a row without cells is never kept.
        let _ = out.write_record(&line.cells);
    }
    out.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn push(lines: &mut Vec<Line>, number: u32, cells: Vec<String>) -> Result<(), Words> {
    if cells.iter().all(String::is_empty) {
        return Ok(());
    }
    if lines.len() > MOST_ROWS {
        return Err(words(
            format!("一次最多 {MOST_ROWS} 行，请分成几个文件"),
            format!("At most {MOST_ROWS} rows in one go; please divide the file"),
        ));
    }
    lines.push(Line { number, cells });
    Ok(())
}

fn damaged() -> Words {
    words("文件已损坏，无法读取", "The file is damaged and cannot be read")
}

fn workbook(bytes: &[u8]) -> Result<Vec<Line>, Words> {
    measure(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let Some(first) = book.sheet_names().first().cloned() else { return Ok(Vec::new()) };
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| damaged())?;
    let mut lines = Vec::new();
    let mut row: (u32, Vec<String>) = (0, Vec::new());
    while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
        let (at, column) = cell.get_position();
        if column >= MOST_COLUMNS {
            continue;
        }
        if at != row.0 {
            let (done, cells) = std::mem::replace(&mut row, (at, Vec::new()));
            push(&mut lines, done + 1, cells)?;
        }
        let column = column as usize;
        if row.1.len() <= column {
            row.1.resize(column + 1, String::new());
        }
        if let Some(place) = row.1.get_mut(column) {
            *place = text(cell.get_value());
        }
    }
    push(&mut lines, row.0.saturating_add(1), row.1)?;
    Ok(lines)
}

/// Unpacks everything once, and keeps nothing: what an archive says of its sizes need not be true.
fn measure(bytes: &[u8]) -> Result<(), Words> {
    let too_large = || words("文件解压后过大", "The file is too large once unpacked");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_ENTRIES {
        return Err(too_large());
    }
    let mut left = MOST_UNPACKED;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| damaged())?;
        let unpacked = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(|_| damaged())?;
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

/// A cell as a reader sees it: whole numbers without a fraction, dates as `2026-03-05`.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.trim().to_owned(),
        DataRef::SharedString(s) => s.trim().to_owned(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => n.to_string(),
        DataRef::Bool(b) => b.to_string(),
        DataRef::DateTime(_) => value.as_date().map(|d| d.to_string()).unwrap_or_default(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        parse(text).unwrap().into_iter().map(|l| l.cells).collect()
    }

    #[test]
    fn csv_and_cells_copied_from_a_spreadsheet() {
        let want = vec![vec!["意见", "来源"], vec!["第一行\n第二行", "来信"]];
        assert_eq!(cells("\u{feff}意见,来源\r\n\"第一行\n第二行\", 来信 \r\n,\r\n"), want);
        assert_eq!(cells("意见\t来源\n\"第一行\n第二行\"\t来信\n"), want);
        assert_eq!(cells(&write(&parse("意见,来源\n\"第一行\n第二行\",来信\n").unwrap())), want);
        assert_eq!(parse("a\n\n\nb\n").unwrap().iter().map(|l| l.number).collect::<Vec<_>>(), [1, 4]);
    }

    #[test]
    fn encodings_of_excel_in_china() {
        let (bytes, ..) = encoding_rs::GB18030.encode("意见,来源\n好,来信\n");
        assert_eq!(read(&bytes).unwrap().len(), 2);
    }

    #[test]
    fn too_many_rows_and_what_is_no_table() {
        assert_eq!(parse(&"a\n".repeat(MOST_ROWS + 1)).unwrap().len(), MOST_ROWS + 1, "with its head");
        assert!(parse(&"a\n".repeat(MOST_ROWS + 2)).unwrap_err().zh.contains("5000"));
        assert!(read(b"PK\x03\x04garbage").unwrap_err().zh.contains("损坏"));
        assert!(read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").unwrap_err().zh.contains(".xls"));
        assert!(read(b"\x00\x01\x02\xff\xfe\x00").is_err());
    }
}
