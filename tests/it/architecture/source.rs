//! As much of Rust as is needed to see which names a file uses: comments, strings and tests are left out,
//! `use` trees are unfolded, and names that were imported are traced to where they come from.

use std::collections::BTreeMap;
use std::path::Path;

/// A name as a path from its root (`crate::decision::find`, `sea_orm::DbErr`).
#[derive(Clone, Debug)]
pub struct Named {
    pub line: usize,
    pub path: Vec<String>,
}

#[derive(Debug)]
pub struct Source {
    /// From the root of the repository, with slashes.
    pub path: String,
    pub lines: usize,
    pub names: Vec<Named>,
    pub has_async: bool,
}

/// Reads every Rust file below a folder; files of tests are left out.
pub fn read_folder(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            read_folder(root, &path, sources);
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
            let short = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            sources.push(Source::parse(&short, &std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    /// `::`
    Colons,
    Sign(char),
}

impl Source {
    pub fn parse(path: &str, text: &str) -> Self {
        let tokens = without_tests(&tokens(text));
        let mut source = Self {
            path: path.into(),
            lines: text.lines().count(),
            names: Vec::new(),
            has_async: tokens.iter().any(|(_, t)| *t == Token::Word("async".into())),
        };
        source.collect(&tokens, &home(path));
        source
    }

    fn collect(&mut self, tokens: &[(usize, Token)], home: &[String]) {
        let mut imports: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut loose = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let (line, token) = &tokens[at];
            match token {
                Token::Word(word) if word == "use" => {
                    let mut tree = Vec::new();
                    at = use_tree(tokens, at + 1, &mut Vec::new(), &mut tree);
                    for (line, path, alias) in tree {
                        let path = absolute(path, home);
                        imports.insert(alias, path.clone());
                        self.names.push(Named { line, path });
                    }
                }
                Token::Word(_) => {
                    let mut path = Vec::new();
                    while let Some((_, Token::Word(word))) = tokens.get(at) {
                        path.push(word.clone());
                        at += 1;
                        if tokens.get(at).map(|t| &t.1) != Some(&Token::Colons) {
                            break;
                        }
                        at += 1;
                    }
                    if path.len() > 1 {
                        loose.push((*line, path));
                    }
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        for (line, path) in loose {
            let traced = match imports.get(&path[0]) {
                Some(import) => import.iter().cloned().chain(path[1..].iter().cloned()).collect(),
                None => absolute(path, home),
            };
            self.names.push(Named { line, path: traced });
        }
    }
}

/// The module of a file.
fn home(path: &str) -> Vec<String> {
    let inner = path.split_once("src/").map_or(path, |(_, inner)| inner).trim_end_matches(".rs");
    let parts = inner.split('/').filter(|p| !["mod", "lib", "main"].contains(p));
    std::iter::once("crate").chain(parts).map(str::to_owned).collect()
}

/// `super` and `self` replaced by where they lead.
fn absolute(path: Vec<String>, home: &[String]) -> Vec<String> {
    let mut base = home.to_vec();
    let mut rest = path.as_slice();
    match rest.first().map(String::as_str) {
        Some("self") => rest = &rest[1..],
        Some("super") => {
            while rest.first().is_some_and(|s| s == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        _ => return path,
    }
    base.extend(rest.iter().cloned());
    base
}

/// Unfolds a tree from `at` to its end: (line, path, name it gets here). Returns the last token's place.
fn use_tree(
    tokens: &[(usize, Token)],
    mut at: usize,
    prefix: &mut Vec<String>,
    out: &mut Vec<(usize, Vec<String>, String)>,
) -> usize {
    let depth = prefix.len();
    let mut pending = false;
    let mut line = tokens.get(at).map_or(0, |t| t.0);
    let finish = |prefix: &mut Vec<String>,
                  pending: &mut bool,
                  alias: Option<String>,
                  line: usize,
                  out: &mut Vec<_>| {
        if *pending {
            let mut path = prefix.clone();
            if path.last().is_some_and(|l| l == "self") {
                path.pop();
            }
            let name = alias.unwrap_or_else(|| path.last().cloned().unwrap_or_default());
            out.push((line, path, name));
        }
        *pending = false;
        prefix.truncate(depth);
    };
    while let Some((here, token)) = tokens.get(at) {
        match token {
            Token::Word(word) if word == "as" => {
                let alias = match tokens.get(at + 1) {
                    Some((_, Token::Word(name))) => name.clone(),
                    _ => String::new(),
                };
                finish(prefix, &mut pending, Some(alias), line, out);
                at += 1;
            }
            Token::Word(word) => {
                line = *here;
                prefix.push(word.clone());
                pending = true;
            }
            Token::Sign('*') => pending = true,
            Token::Sign('{') => {
                pending = false;
                at = use_tree(tokens, at + 1, prefix, out);
                prefix.truncate(depth);
            }
            Token::Sign(',') => finish(prefix, &mut pending, None, line, out),
            Token::Sign('}' | ';') => {
                finish(prefix, &mut pending, None, line, out);
                return at;
            }
            Token::Colons | Token::Sign(_) => {}
        }
        at += 1;
    }
    at
}

/// Words and signs with their lines; comments, strings and characters are left out.
fn tokens(text: &str) -> Vec<(usize, Token)> {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut line, mut out) = (0, 1, Vec::new());
    while at < chars.len() {
        let c = chars[at];
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        let end = match c {
            '/' if next == '/' => end_of(&chars, at, |rest| rest[0] == '\n'),
            '/' if next == '*' => end_of(&chars, at + 2, |rest| rest.starts_with(&['*', '/'])) + 2,
            'r' | 'b' if is_raw(&chars[at..]) => raw_end(&chars, at),
            '"' => string_end(&chars, at + 1),
            '\'' if next == '\\' => end_of(&chars, at + 3, |rest| rest[0] == '\'') + 1,
            '\'' if chars.get(at + 2) == Some(&'\'') => at + 3,
            ':' if next == ':' => {
                out.push((line, Token::Colons));
                at + 2
            }
            _ if c.is_alphanumeric() || c == '_' => {
                let end = end_of(&chars, at, |rest| !(rest[0].is_alphanumeric() || rest[0] == '_'));
                out.push((line, Token::Word(chars[at..end].iter().collect())));
                end
            }
            _ => {
                if !c.is_whitespace() {
                    out.push((line, Token::Sign(c)));
                }
                at + 1
            }
        };
        let end = end.min(chars.len()).max(at + 1);
        line += chars[at..end].iter().filter(|c| **c == '\n').count();
        at = end;
    }
    out
}

fn end_of(chars: &[char], from: usize, is_end: impl Fn(&[char]) -> bool) -> usize {
    (from..chars.len()).find(|at| is_end(&chars[*at..])).unwrap_or(chars.len())
}

fn string_end(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn is_raw(rest: &[char]) -> bool {
    let rest = if rest[0] == 'b' { &rest[1..] } else { rest };
    let Some((first, rest)) = rest.split_first() else { return false };
    let hashes = rest.iter().take_while(|c| **c == '#').count();
    *first == 'r' && rest.get(hashes) == Some(&'"')
}

fn raw_end(chars: &[char], at: usize) -> usize {
    let quote = end_of(chars, at, |rest| rest[0] == '"');
    let hashes = chars[at..quote].iter().filter(|c| **c == '#').count();
    let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    end_of(chars, quote + 1, |rest| rest.starts_with(&close)) + close.len()
}

/// Leaves out what stands behind `#[cfg(test)]`: the item up to its `;` or its closing brace.
fn without_tests(tokens: &[(usize, Token)]) -> Vec<(usize, Token)> {
    let is = |at: usize, word: &str| matches!(tokens.get(at), Some((_, Token::Word(w))) if w == word);
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].1 == Token::Sign('#') && is(at + 2, "cfg") && is(at + 4, "test") {
            let (mut depth, mut here) = (0usize, at + 7);
            while let Some((_, token)) = tokens.get(here) {
                match token {
                    Token::Sign('{') => depth += 1,
                    Token::Sign('}') => depth -= 1,
                    _ => {}
                }
                here += 1;
                if depth == 0 && matches!(token, Token::Sign(';' | '}')) {
                    break;
                }
            }
            at = here;
        } else {
            out.push(tokens[at].clone());
            at += 1;
        }
    }
    out
}
