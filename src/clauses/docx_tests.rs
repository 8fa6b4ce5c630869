//! Files made here, honest and not.

use std::io::Write as _;

use docx_rs::{
    BreakType, Delete, Docx, Hyperlink, HyperlinkType, Insert, Paragraph, Run, StructuredDataTag, Table,
    TableCell, TableRow,
};

use super::{Cursor, DOCUMENT, DocxError, MAX_DOCUMENT, MAX_ENTRIES, TextError, decode_text, text_of_docx};

fn packed(docx: Docx) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    docx.build().pack(&mut bytes).unwrap();
    bytes.into_inner()
}

fn words(text: &str) -> Run {
    Run::new().add_text(text)
}

/// A package with the given document part.
fn package(xml: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let parts: [(&str, &[u8]); 2] = [("[Content_Types].xml", b"<Types/>"), (DOCUMENT, xml.as_bytes())];
    for (name, data) in parts.iter().chain(more) {
        zip.start_file(*name, options).unwrap();
        zip.write_all(data).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn body(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{inner}</w:body></w:document>"
    )
}

#[test]
fn paragraphs_links_insertions_controls_and_tables_are_read() {
    let cell = |t: &str| TableCell::new().add_paragraph(Paragraph::new().add_run(words(t)));
    let docx =
        Docx::new()
            .add_paragraph(Paragraph::new().add_run(words("某市办法 <A&B>")))
            .add_paragraph(
                Paragraph::new()
                    .add_run(words("第一条 依照"))
                    .add_hyperlink(
                        Hyperlink::new("https://example.invalid", HyperlinkType::External)
                            .add_run(words("《条例》")),
                    )
                    .add_insert(Insert::new(words("及有关规定")))
                    .add_delete(Delete::new().add_run(Run::new().add_delete_text("旧文")))
                    .add_run(words("，制定本办法。")),
            )
            .add_paragraph(Paragraph::new().add_run(
                words("甲").add_tab().add_text("乙").add_break(BreakType::TextWrapping).add_text("丙"),
            ))
            .add_structured_data_tag(
                StructuredDataTag::new().add_paragraph(Paragraph::new().add_run(words("第二条 控件"))),
            )
            .add_table(Table::new(vec![
                TableRow::new(vec![cell("名称"), cell("数量")]),
                TableRow::new(vec![cell("球场"), cell("10")]),
            ]))
            .add_table(Table::new(vec![TableRow::new(vec![
                TableCell::new()
                    .add_paragraph(Paragraph::new().add_run(words("框一")))
                    .add_paragraph(Paragraph::new().add_run(words("框二"))),
            ])]));
    assert_eq!(
        text_of_docx(&packed(docx)).unwrap(),
        "某市办法 <A&B>\n第一条 依照《条例》及有关规定，制定本办法。\n甲\t乙\n丙\n第二条 控件\n名称\t数量\n球场\t10\n框一\n框二\n"
    );
}

#[test]
fn tags_and_fields_around_runs_do_not_hide_them() {
    let xml = body(
        "<w:p><w:smartTag><w:r><w:t>甲</w:t></w:r></w:smartTag><w:fldSimple w:instr=\"X\"><w:r><w:t>乙</w:t></w:r></w:fldSimple>\
         <w:sdt><w:sdtContent><w:r><w:t>丙</w:t></w:r></w:sdtContent></w:sdt></w:p>",
    );
    assert_eq!(text_of_docx(&package(&xml, &[])).unwrap(), "甲乙丙\n");
}

#[test]
fn nested_tables_boxes_deletions_and_fallbacks_are_told_apart() {
    let xml = body(
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc>\
         <w:tc><w:p/></w:tc></w:tr></w:tbl>\
         <w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:del><w:r><w:t>删</w:t></w:r></w:del><w:r><w:t>丙&amp;&#x4e01;</w:t></w:r>\
         <mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
         <mc:Fallback><w:p><w:r><w:t>旧框</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:p>\
         <w:sdt><w:sdtContent><w:sdt><w:sdtContent><w:p><w:r><w:t>内</w:t></w:r></w:p></w:sdtContent></w:sdt><w:p><w:r><w:t>外</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    );
    assert_eq!(text_of_docx(&package(&xml, &[])).unwrap(), "甲 乙\t\n框\n丙&丁\n内\n外\n");
}

#[test]
fn numbers_that_word_counts_are_written_out() {
    let level = |n: u8, format: &str, text: &str, more: &str| {
        format!(
            "<w:lvl w:ilvl=\"{n}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>{more}<w:lvlText w:val=\"{text}\"/></w:lvl>"
        )
    };
    let tight = "<w:suff w:val=\"nothing\"/>";
    let numbering = format!(
        "<w:numbering><w:abstractNum w:abstractNumId=\"0\">{}{}{}</w:abstractNum><w:num w:numId=\"3\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>",
        level(0, "chineseCountingThousand", "第%1条", "<w:pStyle w:val=\"Tiao\"/>"),
        level(1, "chineseCounting", "（%2）", tight),
        level(2, "decimal", "%3.", tight),
    );
    let styles = "<w:styles><w:style w:styleId=\"Tiao\"><w:pPr><w:numPr><w:numId w:val=\"3\"/></w:numPr></w:pPr></w:style>\
                  <w:style w:styleId=\"Below\"><w:basedOn w:val=\"Tiao\"/></w:style></w:styles>";
    let p = |properties: &str, text: &str| {
        format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let item = |n: u8| format!("<w:numPr><w:ilvl w:val=\"{n}\"/><w:numId w:val=\"3\"/></w:numPr>");
    let xml = body(
        &[
            p("<w:pStyle w:val=\"Tiao\"/>", "甲"),
            p(&item(1), "乙"),
            p(&item(2), "丙"),
            p(&item(1), "丁"),
            p(&item(1), ""),
            p("<w:pStyle w:val=\"Below\"/>", "戊"),
            p(&item(1), "己"),
            p("<w:pStyle w:val=\"Tiao\"/><w:numPr><w:numId w:val=\"0\"/></w:numPr>", "庚"),
        ]
        .concat(),
    );
    let bytes = package(
        &xml,
        &[("word/numbering.xml", numbering.as_bytes()), ("word/styles.xml", styles.as_bytes())],
    );
    let text = "第一条 甲\n（一）乙\n1.丙\n（二）丁\n\n第二条 戊\n（一）己\n庚\n";
    assert_eq!(text_of_docx(&bytes).unwrap(), text);
    assert_eq!(super::super::cut(text).counts.article, 2);
}

#[test]
fn the_main_part_may_have_another_name() {
    let rels = br#"<Relationships><Relationship Id="r" Type="http://x/relationships/officeDocument" Target="/word/document2.xml"/></Relationships>"#;
    let other = body("<w:p><w:r><w:t>另名</w:t></w:r></w:p>");
    let bytes = package("<none/>", &[("_rels/.rels", rels), ("word/document2.xml", other.as_bytes())]);
    assert_eq!(text_of_docx(&bytes).unwrap(), "另名\n");
}

#[test]
fn what_is_no_word_file_is_refused() {
    assert!(matches!(text_of_docx(b""), Err(DocxError::NotDocx)));
    assert!(matches!(text_of_docx("文本".as_bytes()), Err(DocxError::NotDocx)));
    assert!(matches!(text_of_docx(b"PK\x03\x04junk"), Err(DocxError::Damaged(_))));
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old";
    assert!(matches!(text_of_docx(old), Err(DocxError::OldWord)));
    let mut locked = old.to_vec();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(matches!(text_of_docx(&locked), Err(DocxError::Encrypted)));
    let good = package(&body("<w:p/>"), &[]);
    assert!(matches!(text_of_docx(&good[..good.len() / 2]), Err(DocxError::Damaged(_))));
    // docx-rs never comes back from this one.
    for xml in
        ["<w:document><w:body><w:p>", "<a><b></a></b>", "<!DOCTYPE x><w:p/>", "<w:p><w:t>&lol;</w:t></w:p>"]
    {
        assert!(matches!(text_of_docx(&package(xml, &[])), Err(DocxError::Damaged(_))), "{xml}");
    }
}

#[test]
fn macros_are_refused() {
    let bytes = package(&body("<w:p/>"), &[("word/vbaProject.bin", b"x")]);
    assert!(matches!(text_of_docx(&bytes), Err(DocxError::Macros)));
}

#[test]
fn bombs_are_refused() {
    let names: Vec<String> = (0..MAX_ENTRIES).map(|n| format!("p{n}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), b"".as_slice())).collect();
    assert!(matches!(text_of_docx(&package("<x/>", &many)), Err(DocxError::TooLarge(_))));

    let zeros = vec![0; 21 * 1024 * 1024];
    let parts: Vec<(&str, &[u8])> =
        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].iter().map(|n| (*n, zeros.as_slice())).collect();
    let bomb = package(&body("<w:p/>"), &parts);
    assert!(bomb.len() < 1024 * 1024);
    assert!(matches!(text_of_docx(&bomb), Err(DocxError::TooLarge(_))));

    let long = " ".repeat(usize::try_from(MAX_DOCUMENT).unwrap());
    assert!(matches!(text_of_docx(&package(&body(&long), &[])), Err(DocxError::TooLarge(_))));

    let deep = "<w:tbl><w:tr><w:tc>".repeat(100_000);
    assert!(matches!(text_of_docx(&package(&body(&deep), &[])), Err(DocxError::Damaged(_))));
}

#[test]
fn a_directory_that_lies_about_a_size_gains_nothing() {
    let long = " ".repeat(usize::try_from(MAX_DOCUMENT).unwrap());
    let mut bytes = package(&body(&long), &[]);
    let size = u32::try_from(body(&long).len()).unwrap().to_le_bytes();
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == size {
            bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
    }
    assert!(text_of_docx(&bytes).is_err());
}

#[test]
fn texts_are_decoded() {
    let text = "第一条 建言";
    let utf16 = |big: bool| {
        let mut out = if big { vec![0xfe, 0xff] } else { vec![0xff, 0xfe] };
        out.extend(text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }));
        out
    };
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    let mut marked = vec![0xef, 0xbb, 0xbf];
    marked.extend(text.as_bytes());
    for bytes in [text.as_bytes().to_vec(), marked, utf16(true), utf16(false), gbk] {
        assert_eq!(decode_text(&bytes).as_deref(), Ok(text));
    }
    assert_eq!(decode_text(b""), Ok(String::new()));
    assert_eq!(decode_text(&[0x80, 0, 1]), Err(TextError::Binary));
    assert_eq!(decode_text(&[0xff, 0xff, 0xff]), Err(TextError::Unreadable));
    assert_eq!(decode_text(&[0xff, 0xfe, 0x41]), Err(TextError::Unreadable));
}
