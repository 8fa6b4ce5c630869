//! 无障碍声明: what the site does for everybody, what it cannot yet, where to complain.

use maud::{Markup, html};

use super::{contacts, points, section, texts};
use crate::{
    component::page_head,
    layout::{Crumb, Frame, page},
    link::with_query,
};

#[must_use]
pub fn accessibility(frame: &Frame<'_>) -> Markup {
    let lang = frame.lang;
    let title = lang.t("无障碍声明", "Accessibility");
    let (mode, label) = if frame.large {
        ("normal", lang.t("回到标准模式", "Back to standard type"))
    } else {
        ("large", lang.t("打开长者模式", "Switch on large type"))
    };
    let body = html! {
        div.narrow.text {
            (page_head(title, html! { p { (lang.t(
                "本站按照《无障碍环境建设法》第三十二条和国家标准 GB/T 37668-2019 建设，让每个人都能读到草案、说出意见、看到结果。",
                "The site is built after Article 32 of the Law on Barrier-Free Environments and GB/T 37668-2019, so that everybody can read drafts, speak and see the answer.")) } }))
            p.actions { a.button href=(with_query(frame.path, "mode", mode)) { (label) } }
            (section("can", lang.t("您可以这样使用", "How you can use it"), points(lang, &[
                ("长者模式：字号和按钮放大，导航只留常用的几项；选择会被记住。", "Large type: bigger letters and buttons, fewer choices; remembered for the next visit."),
                ("页面可以放大到 200% 以上，窄到 320 像素的屏幕也不需要左右滚动。", "Pages can be enlarged beyond 200 % and need no sideways scrolling on screens 320 pixels wide."),
                ("全部功能都能用键盘完成：Tab 键移动，回车键确认；每页开头有“跳到正文”。", "Everything works with the keyboard alone; every page begins with a link to its content."),
                ("读屏软件可以读出标题层级、表格表头、表单的说明和错误；状态不只用颜色表示。", "Screen readers find headings, table heads, hints and errors; no state is told by colour alone."),
                ("关闭浏览器脚本后，阅读、提意见、查询仍然可用。", "Reading, giving opinions and looking up work without scripts."),
                ("没有限时操作，没有弹窗、广告和自动播放，不用看图识字的验证码。", "No time limits, no pop-ups, no advertising, no moving pictures, no picture puzzles."),
                ("每页右上角可以切换到英文界面；法律文本和意见保持中文原文。", "The frame of every page can be switched to English; legal texts and opinions stay Chinese."),
            ])))
            (section("other", lang.t("其他途径", "Other ways"), texts(lang, &[
                ("不方便使用网站的，可以来信、来电，或者请工作人员上门听取意见；同样登记，同样办理。", "If the site is of no use to you, write, call, or ask for a visit; it is registered and dealt with in the same way."),
            ])))
            (section("gaps", lang.t("已知的不足", "Known gaps"), texts(lang, &[
                ("由单位上传的 PDF、Word 附件，其无障碍程度取决于原文件；草案正文都有网页版和纯文本版。", "Attached PDF and Word files are as accessible as they were made; every draft is also a page and a plain text."),
            ])))
            (section("contact", lang.t("遇到障碍，请告诉我们", "Tell us about barriers"), html! {
                p { (lang.t("请说明页面地址和遇到的问题，我们会尽快改进并答复。", "Name the page and what went wrong; we will mend it and answer.")) }
                (contacts(lang, frame.site))
            }))
        }
    };
    page(frame, title, &[Crumb::here(title)], body)
}
