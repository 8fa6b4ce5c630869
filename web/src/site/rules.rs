//! 留言须知: what is asked and why, what is shown, how it is reviewed, what is kept, which rights one has.
//! The five things that a person must be told before giving data (个人信息保护法 Art. 17) all stand here.

use maud::{Markup, html};

use super::{contacts, points, section, texts};
use crate::{
    component::{Column, Table, page_head, table},
    lang::Lang,
    layout::{Crumb, Frame, page},
    path,
};

/// The numbers are settings, so the page takes them from there.
#[derive(Clone, Debug, Default)]
pub struct RulesView {
    pub opinion_chars: u32,
    pub opinions_per_minute: u32,
    pub consultation_days: u32,
    pub review_working_days: u32,
    pub summary_working_days: u32,
    pub concentrated_people: u32,
    pub contact_required: bool,
    /// Names and contacts of visitors of events are erased so many days after them.
    pub event_erase_days: u32,
    /// Working days for suggestions, for questions and complaints, for errors of the site.
    pub message_days: [u32; 3],
    pub reasons: Vec<Reason>,
}

/// Why an opinion may not be shown, and what then happens to it.
#[derive(Clone, Debug)]
pub struct Reason {
    pub what: String,
    pub then: String,
}

#[must_use]
pub fn rules(frame: &Frame<'_>, view: &RulesView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("留言须知与个人信息保护", "Rules for opinions and personal data");
    let lead = lang.t(
        "提意见不需要注册。请先用一分钟了解：我们请您填什么、公开什么、怎样审核、保存多久，以及您有哪些权利。",
        "You need no account. Take a minute to see what we ask, what we show, how it is reviewed, how long it is kept, and which rights you have.",
    );
    let body = html! {
        div.narrow.text {
            (page_head(title, html! { p { (lead) } }))
            (section("speak", lang.t("一、怎样提意见", "1. How to give an opinion"), speak(lang, view)))
            (section("asked", lang.t("二、我们请您填写什么", "2. What we ask for"), asked(lang, view)))
            (section("shown", lang.t("三、公开什么，不公开什么", "3. What is shown and what is not"), shown(lang)))
            (section("review", lang.t("四、怎样审核", "4. How opinions are reviewed"), review(lang, view)))
            (section("answer", lang.t("五、意见的去向", "5. What becomes of opinions"), answer(lang, view)))
            (section("kept", lang.t("六、保存多久", "6. How long it is kept"), kept(lang, view)))
            (section("rights", lang.t("七、您的权利", "7. Your rights"), rights(lang)))
            (section("messages", lang.t("八、留言板", "8. The message board"), messages(lang, view)))
            (section("contact", lang.t("九、联系我们", "9. How to reach us"), html! { (contacts(lang, frame.site)) }))
        }
    };
    page(frame, title, &[Crumb::here(lang.t("留言须知", "Rules"))], body)
}

fn speak(lang: Lang, v: &RulesView) -> Markup {
    let own = match lang {
        Lang::Zh => [
            format!(
                "每条意见不超过 {} 字；同一网络地址每分钟最多提交 {} 条。",
                v.opinion_chars, v.opinions_per_minute
            ),
            format!(
                "征求意见的期限一般不少于 {} 日；因情况紧急等原因缩短期限的，征集公告会说明理由（《重大行政决策程序暂行条例》第十五条）。截止以公告写明的最后一日 24:00（北京时间）为准。",
                v.consultation_days
            ),
        ],
        Lang::En => [
            format!(
                "An opinion has {} characters at most; from one network address {} a minute are taken.",
                v.opinion_chars, v.opinions_per_minute
            ),
            format!(
                "A consultation is open for {} days at least; where it must be shorter, the notice says why (Interim Regulations on Procedures for Major Administrative Decisions, Article 15). It ends at 24:00 Beijing time on the last day named in the notice.",
                v.consultation_days
            ),
        ],
    };
    html! {
        (points(lang, &[
            ("可以对草案全文提意见，也可以只对某一条提意见。请一事一议，写清建议和理由。", "Speak on the whole draft or on one clause; one matter at a time, with your reasons."),
            ("也可以来信、来电、发邮件，或者在座谈会、听证会上发言。不论哪种方式，都同样登记、同样办理。", "Letters, calls, e-mails and words at hearings are registered and dealt with in the same way."),
            ("请不要在正文里填写身份证号、住址、电话号码、银行账号，或者他人的个人信息。", "Please leave identity numbers, addresses, telephone and bank numbers and other people's data out of the text."),
        ]))
        ul.text-list { @for text in &own { li { (text) } } }
    }
}

fn asked(lang: Lang, v: &RulesView) -> Markup {
    let optional = lang.t("选填", "optional");
    let contact = if v.contact_required { lang.t("必填", "required") } else { optional };
    let rows = [
        (
            lang.t("意见正文", "The opinion"),
            lang.t("必填", "required"),
            lang.t("研究办理，按您的选择公开。", "To be studied, answered and shown as you choose."),
        ),
        (
            lang.t("姓名或单位名称", "Name"),
            optional,
            lang.t(
                "需要核实时用于称呼；是否公开由您选择。",
                "To address you; you choose whether it is shown.",
            ),
        ),
        (
            lang.t("手机号码或电子邮箱", "Phone or e-mail"),
            contact,
            lang.t(
                "告知审核和办理进展，统计参与人数；不公开。",
                "To tell you the progress and to count people; never shown.",
            ),
        ),
        (
            lang.t("身份类别", "Who you are"),
            lang.t("必选", "required"),
            lang.t("按个人、企业、社会组织等分类统计。", "For the numbers by kind of participant."),
        ),
        (
            lang.t("提交时间和网络地址", "Time and network address"),
            lang.t("自动记录", "recorded"),
            lang.t(
                "防止恶意提交，依法留存网络日志；不公开。",
                "Against abuse and as the law on network logs asks; never shown.",
            ),
        ),
    ];
    html! {
        (table(&Table {
            caption: lang.t("填写的内容和用途", "What is asked and why").into(),
            caption_hidden: true,
            columns: vec![Column::text(lang.t("内容", "What")), Column::tight(lang.t("是否必填", "Required")), Column::text(lang.t("用途", "Why"))],
            rows: rows.iter().map(|(what, must, why)| vec![html! { (what) }, html! { (must) }, html! { (why) }]).collect(),
            row_head: Some(0),
        }))
        (texts(lang, &[
            ("我们为履行公开征求意见的法定职责处理以上信息（《个人信息保护法》第十三条、第三十四条），不用于其他目的，不提供给与本次决策无关的单位和个人。姓名和联系方式在系统中加密保存，页面上只以 138****1234 这样的形式显示给承办人员。",
             "We process this to fulfil our duty to consult the public (Personal Information Protection Law, Articles 13 and 34), for nothing else, and give it to nobody who has no part in the decision. Names and contacts are stored encrypted; staff see them masked."),
            ("征集页面写明要核验身份的，提交前用一次性验证码核验手机号码或者电子邮箱由您本人使用（后台实名、前台自愿）；来信、来电、现场提出的不用验证码。未满十四周岁的，由监护人用自己的手机或者邮箱核验并同意。验证码一天后删除。",
             "Where the page of a consultation says so, a one-time code proves that the mobile number or e-mail address is yours; letters and calls need none. For children under fourteen a guardian gives the code of their own phone or mailbox and agrees. Codes are erased after a day."),
            ("填写问卷不用姓名和联系方式，每人一次；征集要求核验身份的，号码或者邮箱只用于防止重复，不随答卷保存。选择题只公布统计结果，文字回答只供承办人员参考，疑似个人信息在保存前隐去。未满十四周岁的，由监护人代为填写。",
             "A questionnaire takes no name and no contact, once a person; where a contact is verified, it only keeps it to one answer and is not stored with the answers. Of choices only figures are published; what you write is for the staff alone, and what looks like personal data is removed before it is stored. For children under fourteen a guardian answers."),
            ("网站只用两个小型文本文件（Cookie）记住您选择的语言和字号；赞同意见、填写问卷时用一个防止重复计数；进入“我的数据”时另用一个，退出或者半小时后失效。没有广告、统计跟踪和第三方代码。",
             "The site keeps two cookies, for your language and type size; one more, when you support an opinion or answer a questionnaire, so that nobody is counted twice; and one for half an hour while you see to your data. There is no advertising, no tracking and no third-party code."),
        ]))
    }
}

fn shown(lang: Lang) -> Markup {
    html! {
        (points(lang, &[
            ("提交时由您选择：具名公开、隐去姓名公开（如“王*”）、匿名公开，或者不公开。未经您同意，不公开您的姓名（《个人信息保护法》第二十五条）。",
             "You choose: with your name, with your name masked, anonymously, or not shown. Your name is never shown without your consent (Article 25)."),
            ("联系方式、网络地址在任何情况下都不公开。", "Contacts and network addresses are never shown."),
            ("正文里出现的个人信息，审核时会隐去并作标记，其余文字一字不改。原文始终保留，作为办理的依据。",
             "Personal data in the text is blacked out with a mark; no other word is changed. The original is kept and is what we work from."),
            ("不公开不等于不办理：不公开的意见同样登记、同样计入数量、同样研究答复。", "Not shown does not mean not considered: such opinions are registered, counted and answered all the same."),
        ]))
    }
}

fn review(lang: Lang, v: &RulesView) -> Markup {
    let days = match lang {
        Lang::Zh => format!(
            "意见先审核、后公开。审核员一般在 {} 个工作日内审核，每次审核都记录审核员、原因和时间。",
            v.review_working_days
        ),
        Lang::En => format!(
            "Opinions are reviewed before they are shown, usually within {} working days; who decided, why and when is recorded each time.",
            v.review_working_days
        ),
    };
    html! {
        p { (days) }
        p { (lang.t("不予受理要由另一位审核员复核；同一人重复提交、没有实质内容的除外。公开与否只看内容，不看赞成还是反对。",
            "To reject an opinion takes a second moderator, except for an exact repetition by the same person or an empty text. Whether it agrees with the draft plays no part.")) }
        (table(&Table {
            caption: lang.t("不公开的原因", "Reasons for not showing an opinion").into(),
            caption_hidden: false,
            columns: vec![Column::text(lang.t("原因", "Reason")), Column::text(lang.t("怎样处理", "What happens"))],
            rows: v.reasons.iter().map(|r| vec![html! { (r.what) }, html! { (r.then) }]).collect(),
            row_head: Some(0),
        }))
        p { (lang.t("对审核结果有不同意见的，请凭受理编号与我们联系，由另一位审核员重新审核。", "If you disagree with a review, reach us with your acceptance number; another moderator will look at it again.")) }
    }
}

fn answer(lang: Lang, v: &RulesView) -> Markup {
    let own = match lang {
        Lang::Zh => [
            "提交后当场给出受理编号和查询码。凭查询码可以随时查看审核、归并和答复的进展。".to_owned(),
            "征集结束后，承办单位逐条归纳研究，给出采纳、部分采纳、未采纳或者已作说明的结果，并说明理由（《重大行政决策程序暂行条例》第十八条）。".to_owned(),
            format!(
                "决策出台后 {} 个工作日内公布意见采纳情况。{} 人以上提出的相同意见视为较为集中的意见，没有采纳的，逐项说明理由。",
                v.summary_working_days, v.concentrated_people
            ),
        ],
        Lang::En => [
            "You get an acceptance number and a lookup code at once; with the code you see review, grouping and answer at any time.".to_owned(),
            "After the end the department studies every opinion: adopted, partly adopted, not adopted or explained, with reasons (Article 18).".to_owned(),
            format!(
                "Within {} working days of the decision the summary is published. Where {} people or more say the same and it is not adopted, the reason is given.",
                v.summary_working_days, v.concentrated_people
            ),
        ],
    };
    html! {
        ul.text-list { @for text in &own { li { (text) } } }
        p { a href=(path::LOOKUP) { (lang.t("凭查询码查看进展", "Look up a receipt")) } }
    }
}

/// What is different for messages on the board.
fn messages(lang: Lang, v: &RulesView) -> Markup {
    let [suggestions, inquiries, errors] = v.message_days;
    let own = match lang {
        Lang::Zh => [
            format!(
                "留言板受理咨询、建议、投诉和网站找错，自收到之日的次日起，建议 {suggestions} 个、咨询和投诉 {inquiries} 个、网站找错 {errors} 个工作日内答复；情况复杂的可以延期一次，并告知原因。"
            ),
            "标题、内容、称呼和电子邮箱都是加密保存的。只有您同意，并且承办单位认为适合公开的，才公开留言和答复；公开时隐去姓名和文中的个人信息。追问和对追问的答复不公开。".to_owned(),
            "信访事项不在留言板办理，请向信访部门提出；不属于本机关职责的，会告诉您向哪个机关提出。".to_owned(),
        ],
        Lang::En => [
            format!(
                "The board takes questions, suggestions, complaints and errors of the site. From the day after it came, a suggestion is answered within {suggestions} working days, a question or complaint within {inquiries}, an error of the site within {errors}; complex matters may take longer once, and you are told why."
            ),
            "Title, text, name and e-mail are stored encrypted. Message and answer are published only where you agreed and the department finds them fit, without your name and other personal data. A further question and its answer stay private.".to_owned(),
            "Petitions (信访) are not dealt with here, please turn to the petition office; where a matter is another authority's, you are told whose.".to_owned(),
        ],
    };
    html! {
        ul.text-list { @for text in &own { li { (text) } } }
        p { a href=(path::MESSAGES) { (lang.t("留言板", "Message board")) } }
    }
}

fn kept(lang: Lang, v: &RulesView) -> Markup {
    let events = match lang {
        Lang::Zh => format!(
            "活动报名的姓名和联系方式只用于本次活动的报名、通知和入场核对，加密保存，活动结束 {} 天后删除，只留下人数；评价活动时写的文字同时删除，只留下分数。网络问政提问人的称呼和邮箱按同样期限删除。",
            v.event_erase_days
        ),
        Lang::En => format!(
            "Names and contacts given for an event are used for registration, messages and the door of that event alone, stored encrypted, and erased {} days after it, with what you wrote about it; only the numbers stay. Names and addresses of who asked in an online Q&A go after the same time.",
            v.event_erase_days
        ),
    };
    html! { (kept_points(lang)) ul.text-list { li { (events) } } }
}

fn kept_points(lang: Lang) -> Markup {
    points(
        lang,
        &[
            (
                "意见正文、审核记录和答复是决策过程材料，随决策档案保存（《重大行政决策程序暂行条例》第三十三条）。",
                "The text of opinions, their reviews and answers belong to the record of the decision and are kept with it (Article 33).",
            ),
            (
                "姓名和联系方式只在办理需要的期间使用；办理结束后，您可以要求删除，删除不影响意见的数量和答复。",
                "Names and contacts are used as long as the matter runs; after that you may have them deleted, which changes neither numbers nor answers.",
            ),
            (
                "网络日志按照《网络安全法》保存，不少于六个月。",
                "Network logs are kept for six months at least, as the Cybersecurity Law asks.",
            ),
            ("数据保存在境内的服务器上。", "Data is kept on servers in mainland China."),
        ],
    )
}

fn rights(lang: Lang) -> Markup {
    html! {
        p {
            (lang.t("用手机号码或电子邮箱核验后，在", "Verify your mobile number or e-mail address at "))
            a href=(path::MY_DATA) { (lang.t("“我的数据”", "“My data”")) }
            (lang.t("可以查看您提交的内容、下载副本、更正联系方式、要求删除；页面写明删除什么、保留什么和原因。每封邮件里都有停止接收的链接。", " to see what you sent, take a copy, correct the contact or have it erased; the page says what goes, what stays and why. Every mail has a link that stops them."))
        }
        p { a href=(path::CONSENT) { (lang.t("个人信息处理告知同意书", "The consent text")) } }
        (points(lang, &[
            ("您可以要求查阅、复制、更正、补充或者删除您的个人信息，也可以要求我们解释处理规则（《个人信息保护法》第四十四条至第四十八条）。", "You may ask to see, copy, correct, complete or delete your data, and to have these rules explained (Articles 44 to 48)."),
            ("被退回修改的意见，可以凭查询码修改后再次提交。", "An opinion sent back for changes can be revised with the lookup code."),
            ("改变公开方式、撤回对公开姓名的同意，请凭受理编号或者查询码与我们联系。", "To change how you are shown, or to withdraw your consent, reach us with your number or code."),
            ("未满十四周岁的，须由父母或者其他监护人核验联系方式并同意后提交（第三十一条）。", "For children under fourteen a parent or guardian verifies a contact and agrees (Article 31)."),
        ]))
    }
}
