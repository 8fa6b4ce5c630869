//! What a check found, line by line.

use std::fmt;

#[derive(Clone, Debug, Default)]
pub struct Report(Vec<Line>);

#[derive(Clone, Debug)]
struct Line {
    ok: bool,
    what: String,
    found: String,
}

impl Report {
    pub(super) fn good(&mut self, what: impl Into<String>, found: impl Into<String>) {
        self.0.push(Line { ok: true, what: what.into(), found: found.into() });
    }

    pub(super) fn bad(&mut self, what: impl Into<String>, found: impl Into<String>) {
        self.0.push(Line { ok: false, what: what.into(), found: found.into() });
    }

    /// Bad when there are problems; the first few are named.
    pub(super) fn line(&mut self, what: &str, good: impl Into<String>, problems: &[String]) {
        match problems {
            [] => self.good(what, good),
            [one] => self.bad(what, one.clone()),
            [first, ..] => self.bad(what, format!("{} problems; the first: {first}", problems.len())),
        }
    }

    /// How many lines are bad.
    pub fn problems(&self) -> usize {
        self.0.iter().filter(|line| !line.ok).count()
    }

    pub fn is_good(&self) -> bool {
        self.problems() == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Line { ok, what, found } in &self.0 {
            writeln!(f, "{}  {what}: {found}", if *ok { "ok  " } else { "BAD " })?;
        }
        Ok(())
    }
}
