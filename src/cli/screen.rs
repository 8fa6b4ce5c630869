//! `jianyan screen`: what screening notices in texts, one a line.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::Failure;
use crate::screening::{Kind, Lexicon, own, parse, screen_with, tight};

#[derive(Args)]
pub struct ScreenArgs {
    /// Texts, one a line; standard input without it
    file: Option<PathBuf>,
    /// One JSON object a line: the line's number and its findings, with places in characters
    #[arg(long)]
    json: bool,
    /// Words to look for beside those of the program: one a line, or CSV with the columns word,kind
    #[arg(long, value_name = "FILE")]
    lexicon: Option<PathBuf>,
}

/// # Errors
/// A file that cannot be read; an output that cannot be written.
pub fn run(args: &ScreenArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let input: Box<dyn Read> = match &args.file {
        Some(path) => {
            let open = std::fs::File::open(path);
            Box::new(open.map_err(|e| Failure::from(format!("{}: {e}", path.display())))?)
        }
        None => Box::new(std::io::stdin().lock()),
    };
    let lexicon = lexicon(args)?;
    let mut line = Vec::new();
    let mut input = BufReader::new(input);
    let mut number = 0_u64;
    while input.read_until(b'\n', &mut line)? > 0 {
        number += 1;
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}');
        report(number, text, &lexicon, args.json, out)?;
        line.clear();
    }
    Ok(())
}

/// The words of the program, and those of the file; a line that is no word is told and skipped.
fn lexicon(args: &ScreenArgs) -> Result<Lexicon, Failure> {
    let mut words: Vec<_> = own().map(|(kind, word)| (kind, tight(word))).collect();
    if let Some(path) = &args.lexicon {
        let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let read = parse(&String::from_utf8_lossy(&bytes), Kind::Banned);
        for wrong in &read.wrong {
            eprintln!("{}:{}: {}", path.display(), wrong.line, wrong.why.en);
        }
        words.extend(read.words.into_iter().map(|w| (w.kind, w.sought)));
    }
    Ok(Lexicon::of(words)?)
}

fn report(
    number: u64,
    text: &str,
    lexicon: &Lexicon,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let found = screen_with(text, Some(lexicon));
    if !as_json {
        for f in &found {
            writeln!(out, "{number}\t{}\t{}", f.kind.as_str(), &text[f.start..f.end])?;
        }
        return Ok(());
    }
    let characters = |to: usize| text[..to].chars().count();
    let findings: Vec<_> = found
        .iter()
        .map(|f| {
            json!({ "kind": f.kind.as_str(), "start": characters(f.start), "end": characters(f.end),
                "text": &text[f.start..f.end] })
        })
        .collect();
    Ok(writeln!(out, "{}", json!({ "line": number, "findings": findings }))?)
}
