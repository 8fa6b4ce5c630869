//! 留言须知: the numbers from the settings, and every reason a moderator can give.

use entity::enums::ReasonCode;
use web::lang::Lang;
use web::site::{Reason, RulesView};

use crate::app::App;

pub fn view(app: &App, lang: Lang) -> RulesView {
    let (rules, limits) = (&app.config.rules, &app.config.limits);
    RulesView {
        opinion_chars: limits.opinion_chars,
        opinions_per_minute: limits.opinions_per_minute,
        consultation_days: rules.consultation_days,
        review_working_days: rules.review_working_days,
        summary_working_days: rules.summary_working_days,
        concentrated_people: rules.concentrated_people,
        contact_required: rules.contact_required,
        event_erase_days: rules.event_erase_days,
        message_days: [rules.message_working_days, rules.inquiry_working_days, rules.site_error_working_days],
        reasons: ReasonCode::ALL.iter().map(|code| reason(*code, lang)).collect(),
    }
}

fn reason(code: ReasonCode, lang: Lang) -> Reason {
    let counted = ("不公开，计入数量，同样研究答复", "Not shown, but counted and answered");
    let rejected = (
        "不予受理，说明理由；须经另一位审核员复核",
        "Not accepted, with the reason, after a second moderator agreed",
    );
    let rejected_at_once = ("不予受理，说明理由", "Not accepted, with the reason");
    let returned = ("退回修改；可凭查询码修改后再次提交", "Sent back; revise it with the lookup code");
    let (what, then) = match code {
        ReasonCode::PersonalData => {
            (("含有个人信息，隐去后无法阅读", "Personal data that cannot be removed"), counted)
        }
        ReasonCode::AuthorWish => (("作者选择不公开", "The author's wish"), counted),
        ReasonCode::Insult => (("侮辱、诽谤他人", "Insults or slander"), counted),
        ReasonCode::Advertising => (("商业广告", "Advertising"), rejected),
        ReasonCode::OffTopic => (("与本次征求意见的草案无关", "Not about this draft"), rejected),
        ReasonCode::ExactDuplicate => {
            (("同一人重复提交相同的意见", "The same again from the same person"), rejected_at_once)
        }
        ReasonCode::Empty => (("没有实质内容", "Nothing said"), rejected_at_once),
        ReasonCode::Illegal => (
            (
                "含有法律、行政法规禁止的内容（《互联网信息服务管理办法》第十五条）",
                "Forbidden by law (Measures on Internet Information Services, Article 15)",
            ),
            rejected,
        ),
        ReasonCode::Secret => (("涉及国家秘密、商业秘密", "State or business secrets"), counted),
        ReasonCode::Unclear => (("意思不清楚，需要补充", "Not clear enough"), returned),
        ReasonCode::Other => {
            (("其他原因，由审核员写明", "Another reason, which the moderator writes down"), counted)
        }
    };
    Reason { what: lang.t(what.0, what.1).to_owned(), then: lang.t(then.0, then.1).to_owned() }
}
