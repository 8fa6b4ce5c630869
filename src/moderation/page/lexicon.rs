//! The administrator's page of the lexicon: the words by kind, adding and removing, importing a list in two
//! steps, and trying a text.

use entity::enums::{LexiconKind, Role};
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::desk::admin::lexicon as view;
use web::desk::admin::lexicon::{KindTab, LexiconView, OwnRow, PreviewView, Removed, WrongRow};
use web::form::{Choice, FormState};
use web::layout::Nav;

use super::words::{noticed, pieces};
use crate::app::App;
use crate::http::form::Form;
use crate::http::pager;
use crate::http::pages::Pages;
use crate::http::render::{csv, done, form_again, page};
use crate::http::visitor::Visitor;
use crate::http::{desk, lang_words};
use crate::moderation::lexicon::{self, kind_of, kind_words};
use crate::problem::Problem;

const PATH: &str = "/desk/admin/lexicon";
const PAGE: u64 = 100;
/// Words that a preview shows; the rest are counted.
const SHOWN: usize = 200;

pub fn add(pages: Pages) -> Pages {
    pages
        .get(PATH, show)
        .get("/desk/admin/lexicon/words.csv", export)
        .post("/desk/admin/lexicon/add", add_word)
        .post("/desk/admin/lexicon/remove", remove_word)
        .post("/desk/admin/lexicon/preview", preview)
        .post("/desk/admin/lexicon/import", import)
        .post("/desk/admin/lexicon/try", try_on)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    kind: String,
    q: String,
    page: String,
    /// The word that was removed just now.
    removed: String,
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor, Query(asked): Query<Asked>) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let view = view_of(app, &visitor, &asked, FormState::default()).await?;
    shown(app, &visitor, &view).await
}

async fn shown(app: &App, visitor: &Visitor, view: &LexiconView) -> poem::Result<Response> {
    let side = desk::side(app, visitor, PATH).await?;
    Ok(page(view::lexicon(&visitor.frame(app, Nav::None), &side, view)))
}

async fn view_of(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
    state: FormState,
) -> Result<LexiconView, Problem> {
    let (lang, here) = (visitor.lang, pager::number(&asked.page));
    let kind = kind_of(&asked.kind);
    let found = lexicon::list(app, &visitor.actor, kind, &asked.q, PAGE, (here - 1) * PAGE).await?;
    let tabs = LexiconKind::ALL.iter().map(|k| KindTab {
        value: k.as_str(),
        label: lang_words(lang, &kind_words(*k)),
        count: found.counts.iter().find(|(of, _)| of == k).map_or(0, |(_, n)| *n),
        current: *k == kind,
    });
    // An address says nothing that is not so.
    let is_off = |word: &&String| found.off.contains(&crate::screening::tight(word));
    let removed = Some(&asked.removed).filter(is_off);
    Ok(LexiconView {
        tabs: tabs.collect(),
        kind: kind.as_str(),
        search: asked.q.clone(),
        words: found.words.into_iter().map(|w| w.word).collect(),
        pager: pager::pager(visitor, here, found.total, PAGE),
        own: found.own.iter().map(|o| OwnRow { word: o.word, active: o.active }).collect(),
        removed: removed.map(|word| Removed { word: word.clone() }),
        kinds: kinds(visitor),
        tried: None,
        state,
        csrf: visitor.csrf().to_owned(),
    })
}

fn kinds(visitor: &Visitor) -> Vec<Choice> {
    let choice = |k: &LexiconKind| Choice::new(k.as_str(), lang_words(visitor.lang, &kind_words(*k)));
    LexiconKind::ALL.iter().map(choice).collect()
}

/// In the form that the import reads.
#[handler]
async fn export(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let words = lexicon::export(app, &visitor.actor).await?;
    let rows: Vec<_> = words.into_iter().map(|w| vec![w.word, w.kind.to_string()]).collect();
    Ok(csv("lexicon.csv", &["word", "kind"], rows)?)
}

#[handler]
async fn add_word(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let kind = kind_of(form.get("kind"));
    match lexicon::set(app, &visitor.actor, kind, form.get("word"), true).await {
        Ok(_) => Ok(done(&format!("{PATH}?kind={kind}"), "saved")),
        Err(problem) => again(app, &visitor, &form, problem).await,
    }
}

#[handler]
async fn remove_word(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let (kind, word) = (kind_of(form.get("kind")), form.get("word"));
    match lexicon::set(app, &visitor.actor, kind, word, false).await {
        Ok(_) => {
            let word = web::link::encoded(word);
            Ok(done(&format!("{PATH}?kind={kind}&removed={word}"), "removed"))
        }
        Err(problem) => again(app, &visitor, &form, problem).await,
    }
}

/// The pasted text, or the file; what Excel in China saves is often not UTF-8.
fn list(form: &Form) -> String {
    match form.files.iter().find(|f| f.field == "file") {
        Some(file) => match std::str::from_utf8(&file.bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::GB18030.decode(&file.bytes).0.into_owned(),
        },
        None => form.get("list").to_owned(),
    }
}

#[handler]
async fn preview(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let (list, kind, lang) = (list(&form), kind_of(form.get("kind")), visitor.lang);
    let found = match lexicon::preview(app, &visitor.actor, &list, kind).await {
        Ok(found) => found,
        Err(problem) => return again(app, &visitor, &form, problem).await,
    };
    let wrong = found
        .wrong
        .iter()
        .take(lexicon::NAMED)
        .map(|w| WrongRow { line: w.line, why: lang.t(&w.why.zh, &w.why.en).to_owned() });
    let view = PreviewView {
        new: found.new.len(),
        words: found.new.iter().take(SHOWN).map(|w| w.word.clone()).collect(),
        known: found.known,
        wrong_count: found.wrong.len(),
        wrong: wrong.collect(),
        kind: kind.as_str(),
        list,
        csrf: visitor.csrf().to_owned(),
    };
    let side = desk::side(app, &visitor, PATH).await?;
    Ok(page(view::preview(&visitor.frame(app, Nav::None), &side, &view)))
}

#[handler]
async fn import(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let kind = kind_of(form.get("kind"));
    match lexicon::import(app, &visitor.actor, &list(&form), kind).await {
        Ok(_) => Ok(done(&format!("{PATH}?kind={kind}"), "imported")),
        Err(problem) => again(app, &visitor, &form, problem).await,
    }
}

/// A text with what is noticed in it. It is a POST so that the text stands in no address and no log; nothing is
/// kept of it.
#[handler]
async fn try_on(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let text = form.get("text");
    let found = match lexicon::try_on(app, &visitor.actor, text).await {
        Ok(found) => found,
        Err(problem) => return again(app, &visitor, &form, problem).await,
    };
    let asked = Asked { kind: form.get("kind").to_owned(), ..Asked::default() };
    let mut view = view_of(app, &visitor, &asked, FormState::default().with("text", text)).await?;
    if !text.is_empty() {
        let marked = pieces(visitor.lang, text, &found, usize::MAX);
        view.tried = Some((marked, noticed(visitor.lang, &found)));
    }
    shown(app, &visitor, &view).await
}

/// The page again with what was typed and what is wrong with it.
async fn again(app: &App, visitor: &Visitor, form: &Form, problem: Problem) -> poem::Result<Response> {
    let errors = crate::http::form::errors(&problem, visitor.lang);
    let mut state = FormState { errors, ..FormState::default() };
    for field in ["word", "list", "text"] {
        state = state.with(field, form.get(field));
    }
    let asked = Asked { kind: form.get("kind").to_owned(), ..Asked::default() };
    let view = view_of(app, visitor, &asked, state).await?;
    let side = desk::side(app, visitor, PATH).await?;
    let markup = view::lexicon(&visitor.frame(app, Nav::None), &side, &view);
    form_again(problem, |_| markup)
}
