use proptest::prelude::*;

use super::*;

fn found(text: &str) -> Vec<(Kind, &str)> {
    screen(text).into_iter().map(|f| (f.kind, &text[f.start..f.end])).collect()
}

#[test]
fn personal_data_is_noticed_however_it_is_written() {
    for (text, kind, passage) in [
        ("电话13800001234，谢谢", Kind::Mobile, "13800001234"),
        ("电话 138 0000 1234。", Kind::Mobile, "138 0000 1234"),
        ("138-0000-1234", Kind::Mobile, "138-0000-1234"),
        ("+8613800001234", Kind::Mobile, "8613800001234"),
        ("+86 138 0000 1234", Kind::Mobile, "86 138 0000 1234"),
        ("手机１３８００００１２３４", Kind::Mobile, "１３８００００１２３４"),
        ("一三八零零零零一二三四", Kind::Mobile, "一三八零零零零一二三四"),
        ("幺三八0000壹贰叁肆", Kind::Mobile, "幺三八0000壹贰叁肆"),
        ("1 3 8 0 0 0 0 1 2 3 4", Kind::Mobile, "1 3 8 0 0 0 0 1 2 3 4"),
        ("138\u{200b}0000\u{200b}1234", Kind::Mobile, "138\u{200b}0000\u{200b}1234"),
        ("①③⑧00001234", Kind::Mobile, "①③⑧00001234"),
        ("138oooo1234", Kind::Mobile, "138oooo1234"),
        ("138*0000*1234", Kind::Mobile, "138*0000*1234"),
        ("请打021-62345678找我", Kind::Landline, "021-62345678"),
        ("（021）62345678", Kind::Landline, "021）62345678"),
        ("联系电话：62345678", Kind::Landline, "62345678"),
        ("身份证31010119900307123X。", Kind::IdNumber, "31010119900307123X"),
        ("310101 19900307 1234", Kind::IdNumber, "310101 19900307 1234"),
        ("三一零一零一一九九零零三零七一二三四", Kind::IdNumber, "三一零一零一一九九零零三零七一二三四"),
        ("卡号6222021234567890128", Kind::BankCard, "6222021234567890128"),
        ("写信到 zhang.san@example.cn。", Kind::Email, "zhang.san@example.cn"),
        ("13800001234@qq.com", Kind::Email, "13800001234@qq.com"),
        ("zhangsan＠qq．com", Kind::Email, "zhangsan＠qq．com"),
        ("zhangsan(at)qq.com", Kind::Email, "zhangsan(at)qq.com"),
        ("zhangsan艾特qq点com", Kind::Email, "zhangsan艾特qq点com"),
        ("zhangsan#163.com", Kind::Email, "zhangsan#163.com"),
        ("QQ：123456789，", Kind::Account, "123456789"),
        ("加我微信号 zhang_san1990", Kind::Account, "zhang_san1990"),
        ("车牌沪A·12345", Kind::Plate, "沪A·12345"),
        ("粤BD12345挡住了路", Kind::Plate, "粤BD12345"),
        ("我家在幸福路12号3单元402室", Kind::Address, "我家在幸福路12号3单元402室"),
        ("住3栋2单元501", Kind::Address, "3栋2单元501"),
        ("详见https://a.example/x?y=1，谢谢", Kind::Link, "https://a.example/x?y=1"),
        ("看WWW.example.com吧", Kind::Link, "WWW.example.com"),
        ("上abc.com看", Kind::Link, "abc.com"),
        ("代 开-发.票，", Kind::Advertising, "代 开-发.票"),
        ("真是王八蛋", Kind::Insult, "王八蛋"),
    ] {
        assert_eq!(found(text), [(kind, passage)], "{text}");
    }
}

#[test]
fn ordinary_numbers_are_left_alone() {
    for text in [
        "建议由21时改为22时，每周56小时",
        "预算12000000000元，即13,800,001,234分",
        "编号2026-001-1-000012",
        "310101199013071234",
        "a@b，@，x@y.",
        "第八条第2款（3）",
        "2015-04-13 18:00到2019/05/16",
        "一、二、三、四、五、六、七、八、九、十",
        "1.2.3.4.5.6.7.8.9.10.11",
        "沪体规〔2020〕1号，1380.5平方米",
        "二〇一五年三月八日至二〇一六年",
        "文件号20150413180012345678",
        "A市B区C街道12号楼",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_bureau_adds_words_of_its_own() {
    let lexicon = Lexicon::new(["某某 公司"]).unwrap();
    let text = "强烈推荐某某-公司，不是某某";
    let all = screen_with(text, Some(&lexicon));
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].kind, &text[all[0].start..all[0].end]), (Kind::Banned, "某某-公司"));
}

#[test]
fn the_check_digit_is_that_of_the_standard() {
    // The example of GB 11643-1999.
    assert_eq!(id_check("11010519491231002"), Some('X'));
    assert_eq!(id_check("44052418800101001"), Some('4'));
    assert_eq!(id_check("1234"), None);
}

proptest! {
    #[test]
    fn any_text_is_cut_at_characters(text in "\\PC{0,60}|[0-9@. xX一三八-]{0,60}|[a-z0-9@.点路号室 ]{0,60}") {
        let mut until = 0;
        for f in screen(&text) {
            prop_assert!(f.start >= until && f.end > f.start);
            prop_assert!(text.get(f.start..f.end).is_some());
            until = f.end;
        }
    }
}
