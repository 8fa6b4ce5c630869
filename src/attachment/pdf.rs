//! PDF: looked through without being interpreted, and emptied of who made it, in place.
//!
//! No parser stands here on purpose. A parser that reads hostile files has to be defended against them itself, and
//! sees only what its own idea of the file's structure leads it to, which need not be that of a reader's program.
//! This looks at every byte, and at every byte of every stream that can be unpacked (within bounds), for the names
//! that every reader's program must meet before it acts: none of them is needed by a document that is to be read or
//! printed. What only says who made the file is overwritten with blanks of the same length, so that nothing moves.

use std::ops::Range;

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem;

use super::check::is_test_virus;
use super::picture_data;
use crate::problem::{Words, words};

/// What all streams may unpack to.
const MOST_UNPACKED: u64 = 200 * 1024 * 1024;
/// A stream up to this size may hold objects, or say who made the file, and is kept for it; longer ones are pages and
/// pictures.
const KEPT: usize = 8 * 1024 * 1024;
/// How far before its stream a dictionary may begin.
const LONGEST_DICTIONARY: usize = 64 * 1024;
/// An honest file is read about once; one that makes us read it more often than this wants our time.
const MOST_TIMES: usize = 8;
/// Names of who made the file; an honest one has a few.
const MOST_MAKERS: usize = 1_000;
/// Longest string that names somebody.
const LONGEST_STRING: usize = 32 * 1024;
/// Longest name that is asked for.
const LONGEST_NAME: usize = 24;

/// Names of what acts by itself, leads elsewhere, or holds other files.
const REFUSED: &[(&str, &str, &str)] = &[
    ("JavaScript", "含有脚本", "it contains scripts"),
    ("OpenAction", "含有打开时自动执行的动作", "it acts by itself when opened"),
    ("Launch", "含有启动程序的动作", "it starts programs"),
    ("EmbeddedFile", "嵌有其他文件", "it has other files embedded"),
    ("EmbeddedFiles", "嵌有其他文件", "it has other files embedded"),
    ("Filespec", "嵌有其他文件", "it has other files embedded"),
    ("RichMedia", "嵌有多媒体内容", "it has media embedded"),
    ("Rendition", "嵌有多媒体内容", "it has media embedded"),
    ("SubmitForm", "含有发送数据的动作", "it sends data"),
    ("ImportData", "含有读取数据的动作", "it reads data from elsewhere"),
    ("GoToE", "引用了其他文件", "it refers to other files"),
    ("GoToR", "引用了其他文件", "it refers to other files"),
    ("XFA", "含有 XFA 表单", "it contains an XFA form"),
    ("Encrypt", "设有密码或权限限制，请取消后再上传", "it is encrypted or restricted; remove the password"),
];

/// Names whose value says who made the file, with what.
const MAKERS: &[&str] = &["Author", "Creator", "Producer", "Company", "Manager", "LastModifiedBy"];

/// Filters that would hide objects from us.
const HIDING: &[&str] = &[
    "ASCII85Decode",
    "A85",
    "ASCIIHexDecode",
    "AHx",
    "LZWDecode",
    "LZW",
    "RunLengthDecode",
    "RL",
    "Crypt",
    "DecodeParms",
    "DP",
];

/// # Errors
/// Why it is refused.
pub fn clean(mut bytes: Vec<u8>) -> Result<Vec<u8>, Words> {
    let end = memmem::rfind(&bytes, b"%%EOF").ok_or_else(damaged)?;
    let after = bytes.get(end + 5..).unwrap_or_default();
    if !after.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(words("文件末尾附有其他内容", "something else follows the end of the document"));
    }
    refuse_names(&bytes)?;
    let mut left = MOST_UNPACKED;
    let mut work = (bytes.len() + LONGEST_DICTIONARY) * MOST_TIMES;
    for start in streams(&bytes) {
        let dictionary = dictionary(&bytes, start, &mut work)?;
        let unpacked = unpack(bytes.get(start..).unwrap_or_default(), &mut left)?;
        work = work.checked_sub(unpacked.as_ref().map_or(0, |u| u.packed)).ok_or_else(damaged)?;
        let Some(unpacked) = unpacked else {
            if dictionary.holds_objects && dictionary.is_packed {
                return Err(damaged());
            }
            continue;
        };
        if dictionary.holds_objects && !(dictionary.is_plain && unpacked.whole.is_some()) {
            return Err(damaged());
        }
        if let Some(mut whole) = unpacked.whole
            && blank(&mut whole)?
        {
            repack(&mut bytes, start..start + unpacked.packed, &whole)?;
        }
    }
    blank(&mut bytes)?;
    unlink(&mut bytes);
    picture_data::blank(&mut bytes);
    Ok(bytes)
}

/// Names from `/` on, with `#41` for `A` as a reader's program reads them: where, how long as written, and the name.
fn names(bytes: &[u8]) -> impl Iterator<Item = (usize, usize, Vec<u8>)> {
    memchr::memchr_iter(b'/', bytes).map(|at| {
        let mut name = Vec::new();
        let mut next = at + 1;
        while let Some(b) = bytes.get(next) {
            let hex = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16));
            match (b, hex(next + 1), hex(next + 2)) {
                (b'#', Some(high), Some(low)) => {
                    name.push(u8::try_from(high * 16 + low).unwrap_or_default());
                    next += 3;
                }
                _ if is_delimiter(*b) || name.len() > LONGEST_NAME => break,
                _ => {
                    name.push(*b);
                    next += 1;
                }
            }
        }
        (at, next - at, name)
    })
}

fn is_delimiter(b: u8) -> bool {
    b.is_ascii_whitespace() || b == 0 || b"()<>[]{}/%".contains(&b)
}

fn refuse_names(bytes: &[u8]) -> Result<(), Words> {
    if is_test_virus(bytes) {
        return Err(words("被识别为病毒文件", "it was recognised as a virus"));
    }
    for (_, _, name) in names(bytes) {
        if let Some((_, zh, en)) = REFUSED.iter().find(|(n, ..)| n.as_bytes() == name) {
            return Err(words(*zh, *en));
        }
    }
    Ok(())
}

/// Where the bytes of streams begin.
fn streams(bytes: &[u8]) -> Vec<usize> {
    memmem::find_iter(bytes, b"stream")
        .filter(|at| !bytes.get(..*at).unwrap_or_default().ends_with(b"end"))
        .filter_map(|at| match bytes.get(at + 6..)? {
            [b'\r', b'\n', ..] => Some(at + 8),
            [b'\n' | b'\r', ..] => Some(at + 7),
            _ => None,
        })
        .collect()
}

/// What the dictionary before a stream says.
struct Dictionary {
    /// The stream holds objects, which may be anything.
    holds_objects: bool,
    is_packed: bool,
    /// Packed once, in the way that is unpacked here.
    is_plain: bool,
}

fn dictionary(bytes: &[u8], stream: usize, work: &mut usize) -> Result<Dictionary, Words> {
    let head = bytes.get(stream.saturating_sub(LONGEST_DICTIONARY)..stream).unwrap_or_default();
    let from = memmem::rfind(head, b" obj").or_else(|| memmem::rfind(head, b"obj")).unwrap_or_default();
    *work = work.checked_sub(head.len() - from).ok_or_else(damaged)?;
    let found: Vec<Vec<u8>> = names(head.get(from..).unwrap_or_default()).map(|(_, _, name)| name).collect();
    let has = |name: &str| found.iter().any(|f| f == name.as_bytes());
    // The type may be left out by who wants to hide it; the number and the first of the objects may not.
    let holds_objects = has("ObjStm") || (has("N") && has("First"));
    let packings = found.iter().filter(|f| matches!(f.as_slice(), b"FlateDecode" | b"Fl")).count();
    let is_packed = has("Filter") || has("F");
    if holds_objects && HIDING.iter().any(|h| has(h)) {
        return Err(damaged());
    }
    Ok(Dictionary { holds_objects, is_packed, is_plain: packings == 1 })
}

struct Unpacked {
    /// Bytes it was made from.
    packed: usize,
    /// All of it, unless it is long.
    whole: Option<Vec<u8>>,
}

/// Unpacks what can be unpacked and looks through it; none for bytes that are not packed like this.
fn unpack(from: &[u8], left: &mut u64) -> Result<Option<Unpacked>, Words> {
    let [cmf, flg, ..] = from else { return Ok(None) };
    if cmf & 0x0f != 8 || (u16::from(*cmf) * 256 + u16::from(*flg)) % 31 != 0 {
        return Ok(None);
    }
    let mut inflate = Decompress::new(true);
    let mut whole = Vec::new();
    let mut window: Vec<u8> = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let at = usize::try_from(inflate.total_in()).unwrap_or(usize::MAX);
        let before = inflate.total_out();
        let step = inflate.decompress(from.get(at..).unwrap_or_default(), &mut chunk, FlushDecompress::None);
        let n = usize::try_from(inflate.total_out() - before).unwrap_or_default();
        let new = chunk.get(..n).unwrap_or_default();
        *left = left.checked_sub(n as u64).ok_or_else(too_large)?;
        // A name may lie across two pieces.
        let kept = window.len().saturating_sub(256);
        window.drain(..kept);
        window.extend_from_slice(new);
        refuse_names(&window)?;
        if whole.len() <= KEPT {
            whole.extend_from_slice(new);
        }
        match step {
            Ok(Status::StreamEnd) => break,
            // What comes out of a broken stream before it breaks is shown by readers' programs.
            Err(_) => break,
            Ok(_) if n == 0 => break,
            Ok(_) => {}
        }
    }
    let packed = usize::try_from(inflate.total_in()).unwrap_or(usize::MAX);
    Ok(Some(Unpacked { packed, whole: (whole.len() <= KEPT).then_some(whole) }))
}

/// Puts a changed stream where it was. Blanks pack better than names, so it has room.
fn repack(bytes: &mut [u8], place: Range<usize>, whole: &[u8]) -> Result<(), Words> {
    use std::io::Write as _;
    let cannot = || {
        words(
            "无法去除文件中的作者信息，请另存为新的 PDF 后再上传",
            "the author's name cannot be removed; save it as a new PDF",
        )
    };
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(whole).map_err(|_| cannot())?;
    let packed = packer.finish().map_err(|_| cannot())?;
    let place = bytes.get_mut(place).ok_or_else(cannot)?;
    let (front, rest) = place.split_at_mut_checked(packed.len()).ok_or_else(cannot)?;
    front.copy_from_slice(&packed);
    rest.fill(0);
    Ok(())
}

/// Blanks who made the file; says whether anything was changed.
fn blank(bytes: &mut [u8]) -> Result<bool, Words> {
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut makers = 0;
    for (at, length, name) in names(bytes) {
        if MAKERS.iter().any(|m| m.as_bytes() == name) {
            makers += 1;
            if makers > MOST_MAKERS {
                return Err(damaged());
            }
            places.extend(value(bytes, at + length));
        }
    }
    let mut from = 0;
    while let Some(start) = memmem::find(bytes.get(from..).unwrap_or_default(), b"<x:xmpmeta") {
        let start = from + start;
        let end = memmem::find(bytes.get(start..).unwrap_or_default(), b"</x:xmpmeta>");
        from = end.map_or(bytes.len(), |end| start + end);
        places.push(start..from);
    }
    let mut changed = false;
    for place in places {
        // Hexadecimal digits stay digits: in a hexadecimal string `0` is a digit, in any other it is a letter.
        let fill = if place.start > 0 && bytes.get(place.start - 1) == Some(&b'<') { b'0' } else { b' ' };
        if let Some(part) = bytes.get_mut(place)
            && part.iter().any(|b| *b != fill)
        {
            part.fill(fill);
            changed = true;
        }
    }
    Ok(changed)
}

/// The inside of the string that follows a name, at once or as an object of its own.
fn value(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let rest = bytes.get(from..)?;
    let start = from + rest.iter().position(|b| !b.is_ascii_whitespace() && *b != 0)?;
    if let Some(string) = string(bytes, start) {
        return Some(string);
    }
    let text = bytes.get(start..(start + 24).min(bytes.len()))?;
    let mut parts = text.split(u8::is_ascii_whitespace).filter(|p| !p.is_empty());
    let (number, generation) = (parts.next()?, parts.next()?);
    if !(number.iter().chain(generation).all(u8::is_ascii_digit) && parts.next()?.first() == Some(&b'R')) {
        return None;
    }
    let head = [b"\n", number, b" ", generation, b" obj"].concat();
    let at = memmem::find(bytes, &head).or_else(|| {
        let head = [b"\r", number, b" ", generation, b" obj"].concat();
        memmem::find(bytes, &head)
    })?;
    let after = at + head.len();
    let skip = bytes.get(after..)?.iter().position(|b| !b.is_ascii_whitespace())?;
    string(bytes, after + skip)
}

fn string(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    match (bytes.get(start)?, bytes.get(start + 1)?) {
        (b'(', _) => {
            let (mut depth, mut at) = (1_usize, start + 1);
            while let Some(b) = bytes.get(at).filter(|_| at - start < LONGEST_STRING) {
                match b {
                    b'\\' => at += 1,
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    return Some(start + 1..at);
                }
                at += 1;
            }
            None
        }
        (b'<', b'<') => None,
        (b'<', _) => {
            let inside = bytes.get(start + 1..(start + LONGEST_STRING).min(bytes.len()))?;
            let end = memchr::memchr(b'>', inside)?;
            Some(start + 1..start + 1 + end)
        }
        _ => None,
    }
}

/// Lets nothing lead to the information about the document any more.
fn unlink(bytes: &mut [u8]) {
    let found: Vec<Range<usize>> = names(bytes)
        .filter(|(at, length, name)| {
            let digits =
                bytes.get(at + length..).unwrap_or_default().iter().find(|b| !b.is_ascii_whitespace());
            matches!(name.as_slice(), b"Info" | b"Metadata") && digits.is_some_and(u8::is_ascii_digit)
        })
        .map(|(at, length, _)| at + 1..at + length)
        .collect();
    for place in found {
        if let Some(part) = bytes.get_mut(place) {
            part.fill(b'X');
        }
    }
}

fn damaged() -> Words {
    words(
        "PDF 文件已损坏或结构不规范，请另存为新的 PDF 后再上传",
        "the PDF is damaged or unusual; save it as a new PDF",
    )
}

fn too_large() -> Words {
    words("文件解压后过大", "the file is too large once unpacked")
}
