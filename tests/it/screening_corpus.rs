//! Texts with personal data in them, written as people write it and as people hide it, made anew from a seed;
//! and texts full of numbers that are nobody's.

use jianyan::screening::{Kind, id_check};

/// A text, and the passage in it that must be found.
pub struct Case {
    pub kind: Kind,
    /// How it is written.
    pub way: &'static str,
    pub text: String,
    pub passage: String,
}

/// Numbers that look random and are the same each time (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }

    fn mobile(&mut self) -> String {
        let second = self.pick(&["3", "4", "5", "6", "7", "8", "9"]).to_string();
        format!("1{second}{}", self.digits(9))
    }

    fn landline(&mut self) -> (String, String) {
        let area = self.pick(&["010", "021", "025", "0731", "0512", "0755"]).to_string();
        (area, format!("{}{}", 2 + self.below(7), self.digits(7)))
    }

    fn id(&mut self) -> String {
        let area = self.pick(&["110105", "310101", "430102", "440305", "510104"]).to_string();
        let born = format!("{}{:02}{:02}", 1950 + self.below(60), 1 + self.below(12), 1 + self.below(28));
        let body = format!("{area}{born}{}", self.digits(3));
        format!("{body}{}", id_check(&body).unwrap())
    }

    fn card(&mut self) -> String {
        let body = format!("{}{}", self.pick(&["622202", "621700", "623668"]), self.digits(12));
        let check = (0..10).find(|d| {
            let sum: u32 = format!("{body}{d}")
                .bytes()
                .rev()
                .enumerate()
                .map(|(i, b)| u32::from(b - b'0') * if i % 2 == 1 { 2 } else { 1 })
                .map(|d| d / 10 + d % 10)
                .sum();
            sum.is_multiple_of(10)
        });
        format!("{body}{}", check.unwrap())
    }

    fn email(&mut self) -> (String, &'static str) {
        let user = format!("{}{}", self.pick(&["zhang.san", "lisi", "wang_wu", "zhaoliu"]), self.below(1000));
        (user, *self.pick(&["qq.com", "163.com", "example.com.cn", "sina.cn", "gmail.com"]))
    }

    fn plate(&mut self) -> (String, String) {
        let place =
            format!("{}{}", self.pick(&["沪", "京", "湘", "粤", "苏"]), self.pick(&["A", "B", "D", "K"]));
        (place, format!("{}{}", self.pick(&["", "D", "F"]), 10_000 + self.below(90_000)))
    }

    fn door(&mut self) -> String {
        let road = self.pick(&["幸福路", "人民东路", "桂花坪小区", "山水嘉园", "建设新村"]).to_string();
        let (a, b, c) = (1 + self.below(300), 1 + self.below(9), 101 + self.below(2900));
        match self.below(3) {
            0 => format!("{road}{a}号{b}单元{c}室"),
            1 => format!("{road}{b}栋{c}户"),
            _ => format!("{road}{a}号{b}号楼{c}室"),
        }
    }
}

const BEFORE: [&str; 8] = [
    "请把晚间开放延长到二十二时，我的联系方式是",
    "2015年4月13日18时反映过一次，请联系",
    "建议第八条改成56小时，有问题找我",
    "我家孩子上小学，",
    "本人",
    "票价从20元涨到35元不合理！",
    "您好：",
    "上次工单号A2019的答复不满意，",
];
const AFTER: [&str; 6] = ["，谢谢。", "。希望尽快答复", "！！！", "，24小时都可以", "（请保密）", ""];

fn case(dice: &mut Dice, kind: Kind, way: &'static str, cue: &str, passage: String) -> Case {
    let text = format!("{}{cue}{passage}{}", dice.pick(&BEFORE), dice.pick(&AFTER));
    Case { kind, way, text, passage }
}

/// As it is usually written.
pub fn plain(seed: u64, rounds: usize) -> Vec<Case> {
    let dice = &mut Dice(seed);
    let mut cases = Vec::new();
    for _ in 0..rounds {
        let n = dice.mobile();
        cases.push(case(dice, Kind::Mobile, "together", "手机", n.clone()));
        cases.push(case(dice, Kind::Mobile, "3-4-4", "", format!("{}-{}-{}", &n[..3], &n[3..7], &n[7..])));
        cases.push(case(
            dice,
            Kind::Mobile,
            "3 4 4",
            "电话：",
            format!("{} {} {}", &n[..3], &n[3..7], &n[7..]),
        ));
        let (area, n) = dice.landline();
        cases.push(case(dice, Kind::Landline, "with a dash", "", format!("{area}-{n}")));
        cases.push(case(dice, Kind::Landline, "together", "", format!("{area}{n}")));
        cases.push(case(dice, Kind::Landline, "local, after 电话", "电话：", n));
        let n = dice.id();
        cases.push(case(dice, Kind::IdNumber, "together", "身份证号", n));
        let n = dice.card();
        cases.push(case(dice, Kind::BankCard, "together", "卡号", n.clone()));
        let groups = format!("{} {} {} {} {}", &n[..4], &n[4..8], &n[8..12], &n[12..16], &n[16..]);
        cases.push(case(dice, Kind::BankCard, "in fours", "", groups));
        let (user, host) = dice.email();
        cases.push(case(dice, Kind::Email, "plain", "邮箱", format!("{user}@{host}")));
        let (place, n) = dice.plate();
        cases.push(case(dice, Kind::Plate, "together", "车牌", format!("{place}{n}")));
        cases.push(case(dice, Kind::Plate, "with a dot", "", format!("{place}·{n}")));
        let door = dice.door();
        cases.push(case(dice, Kind::Address, "down to the door", "住在", door));
    }
    cases
}

fn wide(text: &str) -> String {
    text.chars()
        .map(|c| char::from_u32(c as u32 + 0xFEE0).filter(|_| c.is_ascii_graphic()).unwrap_or(c))
        .collect()
}

fn with(text: &str, map: &[&str; 10]) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c.to_string(), |d| map[d as usize].to_owned())).collect()
}

fn between(text: &str, apart: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join(apart)
}

const HAN: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const FORMAL: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const CIRCLED: [&str; 10] = ["⓪", "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨"];
const KEYCAPS: [&str; 10] = [
    "0\u{fe0f}\u{20e3}",
    "1\u{fe0f}\u{20e3}",
    "2\u{fe0f}\u{20e3}",
    "3\u{fe0f}\u{20e3}",
    "4\u{fe0f}\u{20e3}",
    "5\u{fe0f}\u{20e3}",
    "6\u{fe0f}\u{20e3}",
    "7\u{fe0f}\u{20e3}",
    "8\u{fe0f}\u{20e3}",
    "9\u{fe0f}\u{20e3}",
];

/// As people write it who know that it is taken out. Not all of it can be found.
pub fn disguised(seed: u64, rounds: usize) -> Vec<Case> {
    let dice = &mut Dice(seed);
    let mut cases = Vec::new();
    for _ in 0..rounds {
        let n = dice.mobile();
        let half = format!("{}{}", &n[..3], with(&n[3..], &HAN));
        for (way, passage) in [
            ("full width", wide(&n)),
            ("Chinese digits", with(&n, &HAN)),
            ("formal digits", with(&n, &FORMAL)),
            ("half Chinese", half),
            ("circled", with(&n, &CIRCLED)),
            ("keycaps", with(&n, &KEYCAPS)),
            ("spaced out", between(&n, " ")),
            ("dashes between", between(&n, "-")),
            ("dots between", between(&n, "·")),
            ("zero-width", between(&n, "\u{200b}")),
            ("stars in groups", format!("{}*{}*{}", &n[..3], &n[3..7], &n[7..])),
            ("odd groups", format!("{}_{}_{}_{}", &n[..2], &n[2..5], &n[5..8], &n[8..])),
            ("o for nought", format!("{}{}", &n[..3], n[3..].replace('0', "o"))),
            ("wide and spaced", between(&wide(&n), "　")),
            ("commas between", between(&n, "，")),
        ] {
            cases.push(case(dice, Kind::Mobile, way, "", passage));
        }
        let id = dice.id();
        for (way, passage) in [
            ("full width", wide(&id)),
            ("Chinese digits", with(&id, &HAN)),
            ("in groups", format!("{} {} {}", &id[..6], &id[6..14], &id[14..])),
            ("with dashes", format!("{}-{}-{}", &id[..6], &id[6..14], &id[14..])),
            ("zero-width", between(&id, "\u{200d}")),
        ] {
            cases.push(case(dice, Kind::IdNumber, way, "", passage));
        }
        let card = dice.card();
        cases.push(case(dice, Kind::BankCard, "full width", "", wide(&card)));
        let groups =
            format!("{}-{}-{}-{}-{}", &card[..4], &card[4..8], &card[8..12], &card[12..16], &card[16..]);
        cases.push(case(dice, Kind::BankCard, "dashes", "", groups));
        let (user, host) = dice.email();
        let name = host.split('.').next().unwrap();
        for (way, passage) in [
            ("full width", wide(&format!("{user}@{host}"))),
            ("(at)", format!("{user}(at){host}")),
            ("艾特", format!("{user}艾特{}", host.replace('.', "点"))),
            ("spaces", format!("{user} @ {host}")),
            ("at dot", format!("{user} at {}", host.replace('.', " dot "))),
        ] {
            cases.push(case(dice, Kind::Email, way, "", passage));
        }
        if ["qq", "163", "sina", "gmail"].contains(&name) {
            cases.push(case(dice, Kind::Email, "# for @", "", format!("{user}#{host}")));
        }
        let qq = format!("{}{}", 1 + dice.below(9), dice.digits(8));
        cases.push(case(dice, Kind::Account, "QQ", "加我扣扣", qq));
        let wechat = format!("zhang{}", dice.digits(4));
        cases.push(case(dice, Kind::Account, "微信", "薇信号：", wechat));
        let (place, n) = dice.plate();
        cases.push(case(dice, Kind::Plate, "spaced", "", format!("{place} {n}")));
        cases.push(case(dice, Kind::Plate, "full width", "", wide(&format!("{place}{n}"))));
    }
    cases
}

/// Numbers of everyday life and of the law.
pub const ORDINARY: [&str; 24] = [
    "建议将第八条中的每周不少于56小时改为70小时，21时改为22时。",
    "预算12000000000元，实际支出1380000.50元，差额13,800,001,234分。",
    "受理编号2026-001-1-000012，查询码7K3M-Q9TX-2HDV-0ABC。",
    "2015-04-13 18:00至2019/05/16 22:34:46，共1494天。",
    "一、二、三、四、五、六、七、八、九、十条均同意。",
    "沪体规〔2020〕1号、国令第713号、GB 11643-1999、GB/T 22239-2019。",
    "二〇二六年三月八日至二〇二七年一月十五日。",
    "工单20150413180012345678一直没有处理。",
    "路牌写着人民路368号，旁边是3号线2号口。",
    "统一社会信用代码91310000MA1FL3XX0X。",
    "网站标识码3100000001，沪公网安备31010102000001号。",
    "面积1380.5平方米，长138米、宽10米，坐标121.4737，31.2304。",
    "我们小区有12栋楼、36个单元、1380户居民，约3800人。",
    "公交138路、1路、2路、303路都不到场馆。",
    "用水量1234567吨，电费7654321元，抄表号00012345。",
    "ISBN 978-7-100-00000-1，邮编200000。",
    "比分21:15，18:21，25:23；100米跑13秒80。",
    "开放时间周一至周五8:30-11:30，13:30-17:00。",
    "第十三届、第十四届、第十五届全运会。",
    "1.同意；2.同意；3.不同意；4.建议删去；5.无意见；6.同意。",
    "统计数字：2013年138场、2014年0场、2015年1234场。",
    "身高138厘米、体重40公斤的儿童可以免票吗？",
    "网上评分4.5，人均62元，排名第17。",
    "我是12345热线的老用户，12315也打过，110、119不用说。",
];
