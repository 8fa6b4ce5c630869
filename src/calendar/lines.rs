//! Line numbers as an editor shows them.

/// Finds the line on which a CSV record starts. The csv crate's own number points at the blank
/// lines or the half of a CRLF before the record, which sends people to the wrong line.
pub(crate) struct Lines<'a> {
    text: &'a [u8],
    byte: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    /// For the text that the CSV reader was given.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), byte: 0, line: 1 }
    }

    /// The line, from 1, of the record at `position`; ask in the order of the file.
    pub(crate) fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.and_then(|p| usize::try_from(p.byte()).ok());
        let start = start.unwrap_or(self.byte);
        while let Some(byte) = self.text.get(self.byte) {
            let next = self.text.get(self.byte + 1);
            let ends = *byte == b'\n' || (*byte == b'\r' && next != Some(&b'\n'));
            if self.byte >= start && !matches!(byte, b'\n' | b'\r') {
                break;
            }
            self.line += u64::from(ends);
            self.byte += 1;
        }
        self.line
    }
}
