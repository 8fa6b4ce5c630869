//! The receipt, the state behind its code, and the form that takes a code. A code is a key: these pages are
//! not indexed and tell nobody outside where the reader came from.

use entity::enums::{AppealState, OpinionState, SubjectKind};
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::attachment::AttachedFile;
use web::form::FormState;
use web::label::matter;
use web::layout::{Frame, Nav};
use web::opinion::{
    Appeal, AppealDecision, Appealed, FIELD_APPEAL, FIELD_BODY, FIELD_CODE, LookupView, OpinionOutcome,
    OpinionStateView, ReceiptView, ReviewReason, Revision, Withdrawal,
};

use super::{attached, way, words};
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::render::{self, secret};
use crate::http::visitor::Visitor;
use crate::opinion::Quote;
use crate::opinion::appeal::{LONGEST, appeal};
use crate::opinion::revise::revise as send_again;
use crate::opinion::state::{self, State};
use crate::opinion::withdraw::withdraw;
use crate::opinion::words::{reason_words, showing_label};
use crate::problem::{Code, Problem};
use crate::receipt::{self, LookupCode};

#[handler]
pub async fn lookup(Data(app): Data<&App>, visitor: Visitor) -> Response {
    render::page(lookup_page(app, &visitor, FormState::default()))
}

#[handler]
pub async fn look_up(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let found = state::page_of(app, &visitor.actor.address, form.get(FIELD_CODE)).await;
    let problem = match found {
        Ok(path) => return Ok(render::see_other(&path)),
        Err(problem) if problem.code == Code::NotFound => Problem::invalid(
            FIELD_CODE,
            "没有这个查询码，请核对回执上的 16 位字符",
            "There is no such code; please check the 16 characters on your receipt",
        ),
        Err(problem) => problem,
    };
    render::form_again(problem, |p| lookup_page(app, &visitor, form.state(p, visitor.lang)))
}

/// The page of a message on the board, of several opinions or of a questionnaire, where the code is theirs. To be asked after
/// [`state::find`], which counts the attempt.
async fn elsewhere(app: &App, typed: &str) -> Option<String> {
    let code = LookupCode::parse(typed)?;
    let receipt = receipt::find(app.db.read(), &code).await.ok()?;
    let path = match receipt.subject_kind {
        SubjectKind::Message => web::path::MESSAGE_RECEIPTS,
        SubjectKind::Submission => web::path::SUBMISSIONS,
        SubjectKind::QuestionnaireResponse => web::path::QUESTIONNAIRE_RECEIPTS,
        _ => return None,
    };
    Some(format!("{path}/{}", code.grouped()))
}

fn lookup_page(app: &App, visitor: &Visitor, state: FormState) -> maud::Markup {
    let view = LookupView { csrf: visitor.csrf().to_owned(), state };
    web::opinion::lookup(&visitor.frame(app, Nav::Lookup), &view)
}

#[derive(Deserialize)]
pub struct Asked {
    new: Option<String>,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let state = match state::open(app, &visitor.actor.address, &code).await {
        Err(problem) if problem.code == Code::NotFound => match elsewhere(app, &code).await {
            Some(path) => return Ok(secret(render::see_other(&path), false)),
            None => return Err(problem.into()),
        },
        state => state?,
    };
    if asked.new.is_some() {
        let page = render::page(web::opinion::receipt(&frame(app, &visitor), &slip(app, &visitor, &state)));
        return Ok(secret(page, false));
    }
    let page = render::page(state_page(app, &visitor, &state, FormState::default(), None));
    Ok(secret(page, has_form(&state)))
}

#[handler]
pub async fn revise(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let problem = match send_again(app, &visitor.actor, id, form.get(FIELD_BODY)).await {
        Ok(()) => {
            let code = state::code(app, id);
            return Ok(render::done(&format!("/receipts/{}", code.grouped()), "resubmitted"));
        }
        Err(problem) => problem,
    };
    let state = state::open(app, &visitor.actor.address, &code).await?;
    let page = render::form_again(problem, |p| {
        let typed = form.state(p, visitor.lang);
        // Without the form on the page, what was typed still has to be somewhere.
        let kept = (state.opinion.state != OpinionState::Returned).then(|| {
            let why = typed.errors.first().map(|e| e.message.clone()).unwrap_or_default();
            (why, form.get(FIELD_BODY).to_owned())
        });
        state_page(app, &visitor, &state, typed, kept)
    })?;
    Ok(secret(page, has_form(&state)))
}

#[handler]
pub async fn object(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let problem = match appeal(app, &visitor.actor, id, form.get(FIELD_APPEAL)).await {
        Ok(()) => {
            let code = state::code(app, id);
            return Ok(render::done(&format!("/receipts/{}", code.grouped()), "appealed"));
        }
        Err(problem) => problem,
    };
    let state = state::open(app, &visitor.actor.address, &code).await?;
    let page = render::form_again(problem, |p| {
        let typed = form.state(p, visitor.lang);
        let kept = state.may_appeal_until.is_none().then(|| {
            let why = typed.errors.first().map(|e| e.message.clone()).unwrap_or_default();
            (why, form.get(FIELD_APPEAL).to_owned())
        });
        state_page(app, &visitor, &state, typed, kept)
    })?;
    Ok(secret(page, has_form(&state)))
}

#[handler]
pub async fn take_back(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let problem = match withdraw(app, &visitor.actor, id).await {
        Ok(()) => {
            let code = state::code(app, id);
            return Ok(render::done(&format!("/receipts/{}", code.grouped()), "opinion_withdrawn"));
        }
        Err(problem) => problem,
    };
    let state = state::open(app, &visitor.actor.address, &code).await?;
    let page = render::form_again(problem, |p| {
        let why = form.state(p, visitor.lang).errors.first().map(|e| e.message.clone()).unwrap_or_default();
        state_page(app, &visitor, &state, FormState::default(), Some((why, String::new())))
    })?;
    Ok(secret(page, has_form(&state)))
}

/// The receipt as plain text, to keep or to print.
#[handler]
pub async fn download(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let s = state::open(app, &visitor.actor.address, &code).await?;
    let lang = visitor.lang;
    let code = s.code.grouped();
    let clause = s.clause.as_ref().map_or_else(|| lang.t("全文", "the whole draft").to_owned(), Quote::label);
    let lines = [
        format!("{} {}", app.config.site.name, lang.t("意见回执", "Receipt of an opinion")),
        String::new(),
        format!("{}{code}", lang.t("查询码：", "Lookup code: ")),
        format!("{}{}", lang.t("受理编号：", "Number: "), s.opinion.number),
        format!("{}{}", lang.t("事项：", "Matter: "), matter(&s.consultation.title)),
        format!("{}{clause}", lang.t("针对：", "On: ")),
        format!("{}{}", lang.t("收到时间：", "Received: "), words::when(&s.opinion).text(lang)),
        format!("{}{}", lang.t("公开方式：", "Shown: "), showing_label(s.opinion.show_as).word(lang)),
        format!("{}{}", lang.t("最迟审核：", "Reviewed by: "), lang.deadline(s.review_by)),
        format!("{}{}/receipts/{code}", lang.t("查看办理情况：", "Its state: "), app.config.base_url()),
        String::new(),
        lang.t("意见内容：", "The opinion:").to_owned(),
        s.opinion.text.clone(),
        String::new(),
    ];
    let files = s.files.iter().map(|f| format!("{}{}", lang.t("附件：", "Attachment: "), f.name));
    let lines: Vec<String> = lines.into_iter().chain(files).collect();
    let name = format!("{}-{}.txt", lang.t("意见回执", "receipt"), s.opinion.number);
    Ok(secret(render::text_file(&name, &lines), false))
}

pub(super) fn frame<'a>(app: &'a App, visitor: &'a Visitor) -> Frame<'a> {
    let mut frame = visitor.frame(app, Nav::Lookup);
    frame.meta.canonical = String::new();
    frame
}

fn has_form(state: &State) -> bool {
    // What was returned for changes may also be withdrawn.
    state.may_withdraw || state.may_appeal_until.is_some()
}

fn slip(app: &App, visitor: &Visitor, s: &State) -> ReceiptView {
    let code = s.code.grouped();
    let mine = s.opinion.received_by.is_some() && s.opinion.received_by == visitor.actor.staff_id();
    let record_next = mine.then(|| {
        let day = civil::local_date(s.opinion.received_at);
        let path = format!("/desk/consultations/{}/opinions/new", s.consultation.code);
        format!("{path}?channel={}&received_on={day}", s.opinion.channel).into()
    });
    ReceiptView {
        number: s.opinion.number.clone(),
        consultation_title: s.consultation.title.clone(),
        consultation: words::consultation(&s.consultation.code),
        clause: s.clause.as_ref().map(|c| words::quoted(&s.consultation.code, c)),
        received: words::when(&s.opinion),
        proposal: words::proposal(&s.opinion.text, s.clause.as_ref()),
        text: s.opinion.text.clone(),
        showing: showing_label(s.opinion.show_as),
        contact_masked: s.contact_masked.clone(),
        review_by: s.review_by,
        steps: way::steps(app, visitor.lang, s),
        files: attached_files(s),
        state_page: format!("/receipts/{code}").into(),
        download: format!("/receipts/{code}/receipt.txt").into(),
        record_next,
        code,
    }
}

fn state_page(
    app: &App,
    visitor: &Visitor,
    s: &State,
    typed: FormState,
    kept: Option<(String, String)>,
) -> maud::Markup {
    let code = s.code.grouped();
    let objection = typed.clone();
    let revision = (s.opinion.state == OpinionState::Returned).then(|| Revision {
        action: format!("/receipts/{code}/revise").into(),
        csrf: visitor.csrf().to_owned(),
        idempotency_key: String::new(),
        state: if typed.values.is_empty() {
            FormState::default().with(FIELD_BODY, s.text.as_str())
        } else {
            typed
        },
        max_characters: app.config.limits.opinion_chars as usize,
        until: None,
    });
    let view = OpinionStateView {
        number: s.opinion.number.clone(),
        consultation_title: s.consultation.title.clone(),
        consultation: words::consultation(&s.consultation.code),
        clause: s.clause.as_ref().map(|c| words::quoted(&s.consultation.code, c)),
        received: words::when(&s.opinion),
        state: label(s),
        steps: way::steps(app, visitor.lang, s),
        proposal: words::proposal(&s.text, s.clause.as_ref()),
        files: attached_files(s),
        original: s.opinion.text.clone(),
        revised: (s.text != s.opinion.text).then(|| s.text.clone()),
        kept,
        slip: format!("/receipts/{code}?new=1").into(),
        public_text: s.opinion.public_text.as_deref().filter(|_| s.is_redacted()).map(words::spans),
        published: (s.opinion.state == OpinionState::Published)
            .then(|| format!("/consultations/{}#opinions", s.consultation.code).into()),
        review: s.reason.as_ref().map(|r| ReviewReason {
            reason: reason_words(r.code).zh.into_owned(),
            note: r.note.clone(),
            at: civil::local_time(r.at),
        }),
        outcome: outcome(s),
        revision,
        appeal: s.may_appeal_until.map(|until| Appeal {
            action: format!("/receipts/{code}/appeal").into(),
            csrf: visitor.csrf().to_owned(),
            state: objection,
            max_characters: LONGEST as usize,
            until,
        }),
        appealed: s.appeal.as_ref().map(|a| Appealed {
            on: civil::local_date(a.created_at),
            reason: a.reason.clone(),
            due: s.appeal_due,
            decided: a.decided_at.map(|at| AppealDecision {
                overturned: a.state == AppealState::Overturned,
                on: civil::local_date(at),
                answer: a.answer.clone(),
            }),
        }),
        withdrawal: s.may_withdraw.then(|| Withdrawal {
            action: format!("/receipts/{code}/withdraw").into(),
            csrf: visitor.csrf().to_owned(),
            published: s.opinion.state == OpinionState::Published,
        }),
        code,
    };
    web::opinion::opinion_state(&frame(app, visitor), &view)
}

/// Where an opinion stands, for a list of them.
pub(super) fn state_label(state: OpinionState) -> web::label::OpinionState {
    use web::label::OpinionState as Label;
    match state {
        OpinionState::Pending | OpinionState::AwaitingSecond => Label::Pending,
        OpinionState::Published => Label::Published,
        OpinionState::Withheld => Label::Withheld,
        OpinionState::Returned => Label::Returned,
        OpinionState::Rejected => Label::Rejected,
        OpinionState::Withdrawn => Label::Withdrawn,
    }
}

fn attached_files(s: &State) -> Vec<AttachedFile> {
    let base = format!("/receipts/{}", s.code.grouped());
    s.files.iter().map(|f| attached(&base, f, true)).collect()
}

fn label(s: &State) -> web::label::OpinionState {
    use web::label::OpinionState as Label;
    match s.opinion.state {
        OpinionState::Rejected => Label::Rejected,
        OpinionState::Withdrawn => Label::Withdrawn,
        _ if s.answer.response.is_some() => Label::Answered,
        OpinionState::Pending | OpinionState::AwaitingSecond => Label::Pending,
        OpinionState::Published if s.is_redacted() => Label::Redacted,
        OpinionState::Published => Label::Published,
        OpinionState::Withheld => Label::Withheld,
        OpinionState::Returned => Label::Returned,
    }
}

fn outcome(s: &State) -> Option<OpinionOutcome> {
    let response = s.answer.response.as_ref()?;
    Some(OpinionOutcome {
        outcome: words::outcome(response.outcome),
        reason: response.reason.clone(),
        topic: s.answer.topic.as_ref().map(|t| t.title.clone()),
        final_clause: s
            .answer
            .final_clause
            .clone()
            .map(|label| (label, format!("/summaries/{}", s.consultation.code).into())),
        summary: Some(format!("/summaries/{}", s.consultation.code).into()),
    })
}
