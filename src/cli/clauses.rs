//! `jianyan clauses FILE`: shows how a draft will be cut.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::clauses::{Clause, ClauseKind, Counts, Outline, cut, decode_text, text_of_docx};

/// What commands return when they fail: the message is for the person at the terminal.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How many characters of a clause the outline for people shows.
const SHOWN: usize = 40;

/// How to print the clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One JSON document with everything
    Json,
    /// An indented outline for people
    Text,
}

/// Cut a draft into its clauses
#[derive(Debug, clap::Args)]
pub struct ClausesArgs {
    /// The draft: a .txt or .docx file, or `-` for standard input
    pub file: PathBuf,
    /// How to print the clauses
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

#[derive(Serialize)]
struct OutlineOut<'a> {
    title: &'a str,
    counts: &'a Counts,
    clauses: Vec<ClauseOut<'a>>,
}

#[derive(Serialize)]
struct ClauseOut<'a> {
    path: &'a str,
    kind: ClauseKind,
    number: Option<&'a str>,
    text: &'a str,
}

/// Reads the file, cuts it and prints the clauses.
///
/// # Errors
/// When the file cannot be read, is no text, or the output cannot be written.
pub fn run(args: &ClausesArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let outline = cut(&read(&args.file)?);
    match args.format {
        Format::Json => json(&outline, out)?,
        Format::Text => text(&outline, out)?,
    }
    out.flush()?;
    Ok(())
}

/// The text of a file. Word files are known by their first bytes as well as by
/// name, so that a draft piped in needs no name.
fn read(file: &Path) -> Result<String, Failure> {
    let (name, bytes) = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|e| format!("cannot read standard input: {e}"))?;
        ("standard input".to_owned(), bytes)
    } else {
        let name = file.display().to_string();
        let bytes = std::fs::read(file).map_err(|e| format!("cannot read {name}: {e}"))?;
        (name, bytes)
    };
    let docx = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("docx"));
    let office = bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0");
    let text = if docx || office {
        text_of_docx(&bytes).map_err(|e| format!("{name}: {e}"))?
    } else {
        decode_text(&bytes).map_err(|e| format!("{name}: {e}"))?
    };
    Ok(text)
}

fn json(outline: &Outline, out: &mut dyn Write) -> Result<(), Failure> {
    let clauses = outline.clauses.iter();
    let shown = OutlineOut {
        title: &outline.title,
        counts: &outline.counts,
        clauses: clauses
            .map(|c| ClauseOut { path: &c.path, kind: c.kind, number: c.number.as_deref(), text: &c.text })
            .collect(),
    };
    serde_json::to_writer(&mut *out, &shown)?;
    writeln!(out)?;
    Ok(())
}

fn text(outline: &Outline, out: &mut dyn Write) -> Result<(), Failure> {
    let c = &outline.counts;
    writeln!(out, "{}", shorten(&outline.title))?;
    writeln!(
        out,
        "编 {} · 分编 {} · 章 {} · 节 {} · 条 {} · 款 {} · 项 {} · 目 {}",
        c.part, c.subpart, c.chapter, c.section, c.article, c.paragraph, c.item, c.subitem
    )?;
    for clause in &outline.clauses {
        let indent = "  ".repeat(usize::from(clause.level));
        writeln!(out, "{indent}{}  {}", name(clause), shorten(&clause.text))?;
    }
    Ok(())
}

/// The last step of the path: the indent shows the rest.
fn name(clause: &Clause) -> &str {
    clause.path.rsplit('/').next().unwrap_or(&clause.path)
}

/// The head of a text on one line, without characters that could move the cursor.
fn shorten(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let mut head: String = text.chars().take(SHOWN).map(plain).collect();
    if text.chars().nth(SHOWN).is_some() {
        head.push('…');
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(name: &str, bytes: &[u8], format: Format) -> Result<String, Failure> {
        let file = std::env::temp_dir().join(format!("jianyan-clauses-{}-{name}", std::process::id()));
        std::fs::write(&file, bytes)?;
        let mut out = Vec::new();
        let result = run(&ClausesArgs { file: file.clone(), format }, &mut out);
        std::fs::remove_file(&file)?;
        result.map(|()| String::from_utf8_lossy(&out).into_owned())
    }

    #[test]
    fn json_is_exactly_the_agreed_shape() -> Result<(), Failure> {
        let text = printed("json.txt", "某法\n第一条 甲。\n".as_bytes(), Format::Json)?;
        assert_eq!(
            text,
            "{\"title\":\"某法\",\"counts\":{\"part\":0,\"subpart\":0,\"chapter\":0,\"section\":0,\"article\":1,\"paragraph\":1,\
             \"item\":0,\"subitem\":0},\"clauses\":[{\"path\":\"第一条\",\"kind\":\"article\",\"number\":\"第一条\",\"text\":\"第一条 甲。\"}]}\n"
        );
        Ok(())
    }

    #[test]
    fn the_outline_is_indented_and_free_of_controls() -> Result<(), Failure> {
        let text =
            printed("outline.txt", "某法\n第一章 总则\n第一条 甲\u{1b}[31m。\n".as_bytes(), Format::Text)?;
        assert!(text.ends_with("第一章  第一章 总则\n  第一条  第一条 甲 [31m。\n"), "{text}");
        Ok(())
    }

    #[test]
    fn a_missing_file_and_a_broken_one_are_named() {
        let missing = ClausesArgs { file: PathBuf::from("/no/such/draft.txt"), format: Format::Json };
        let error = run(&missing, &mut Vec::new()).map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| e.starts_with("cannot read /no/such/draft.txt: ")));
        let error = printed("broken.docx", b"not a zip", Format::Json).map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| e.contains("Word")));
    }
}
