//! The API of the lexicon, for administrators.

use chrono::{DateTime, Utc};
use entity::enums::LexiconKind;
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::lexicon;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

/// Words of one answer.
const PAGE: u64 = 500;

pub struct Api;

/// A word of the bureau.
#[derive(Object)]
struct LexiconWordOut {
    word: String,
    kind: LexiconKind,
    changed_at: DateTime<Utc>,
}

/// A word that comes with the program.
#[derive(Object)]
struct LexiconOwnOut {
    word: String,
    /// False when the bureau switched it off.
    active: bool,
}

/// A part of the lexicon.
#[derive(Object)]
struct LexiconOut {
    words: Vec<LexiconWordOut>,
    /// The bureau's words that were asked for.
    total: u64,
    own: Vec<LexiconOwnOut>,
}

/// A word to add or remove.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct LexiconWordIn {
    word: String,
    kind: LexiconKind,
}

/// Whether anything changed.
#[derive(Object)]
struct LexiconChanged {
    changed: bool,
}

/// A list of words.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct LexiconImportIn {
    /// One word a line, in sections such as `[insult]`, or CSV with the columns `word,kind`.
    list: String,
    /// The kind of words without one.
    kind: LexiconKind,
    /// Only say what would change.
    #[oai(default = "yes")]
    dry_run: bool,
}

fn yes() -> bool {
    true
}

/// A line that is no word.
#[derive(Object)]
struct LexiconWrong {
    line: u64,
    message: String,
    message_en: String,
}

/// What a list brings.
#[derive(Object)]
struct LexiconImportOut {
    /// Words that were not looked for before.
    new: usize,
    /// Words that are in force already.
    known: usize,
    /// Lines that are no words and are left out.
    wrong_count: usize,
    /// The first of them.
    wrong: Vec<LexiconWrong>,
    /// Whether it was only tried.
    dry_run: bool,
}

/// A text to look at.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct LexiconTryIn {
    text: String,
}

/// A passage that screening notices.
#[derive(Object)]
struct LexiconFinding {
    kind: String,
    /// Characters from the beginning.
    start: usize,
    end: usize,
    text: String,
}

#[OpenApi(tag = "Area::Administration")]
impl Api {
    /// 敏感词库 The words of a kind
    #[oai(path = "/lexicon", method = "get", operation_id = "listLexicon")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        /// `banned` by default.
        kind: Query<Option<LexiconKind>>,
        /// Only words with these letters.
        q: Query<Option<String>>,
        /// From 1; a page has 500 words.
        page: Query<Option<u64>>,
    ) -> Result<Json<LexiconOut>, Problem> {
        let offset = (page.0.unwrap_or(1).clamp(1, 1000) - 1) * PAGE;
        let search = q.0.unwrap_or_default();
        let found =
            lexicon::list(app, &token.0, kind.0.unwrap_or(LexiconKind::Banned), &search, PAGE, offset)
                .await?;
        let words = found.words.into_iter().map(|w| LexiconWordOut {
            word: w.word,
            kind: w.kind,
            changed_at: w.changed_at,
        });
        let own = found.own.into_iter();
        Ok(Json(LexiconOut {
            words: words.collect(),
            total: found.total,
            own: own.map(|o| LexiconOwnOut { word: o.word.to_owned(), active: o.active }).collect(),
        }))
    }

    /// 加入或恢复一个词 Add a word, or switch one of the program's own on
    #[oai(path = "/lexicon/words", method = "post", operation_id = "addLexiconWord")]
    async fn add(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Json(input): Json<LexiconWordIn>,
    ) -> Result<Json<LexiconChanged>, Problem> {
        let changed = lexicon::set(app, &token.0, input.kind, &input.word, true).await?;
        Ok(Json(LexiconChanged { changed }))
    }

    /// 移除或停用一个词 Remove a word, or switch one of the program's own off
    #[oai(path = "/lexicon/words/remove", method = "post", operation_id = "removeLexiconWord")]
    async fn remove(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Json(input): Json<LexiconWordIn>,
    ) -> Result<Json<LexiconChanged>, Problem> {
        let changed = lexicon::set(app, &token.0, input.kind, &input.word, false).await?;
        Ok(Json(LexiconChanged { changed }))
    }

    /// 导入词表 Import a list; words that are there already stay as they are
    #[oai(path = "/lexicon/import", method = "post", operation_id = "importLexicon")]
    async fn import(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Json(input): Json<LexiconImportIn>,
    ) -> Result<Json<LexiconImportOut>, Problem> {
        let found = if input.dry_run {
            lexicon::preview(app, &token.0, &input.list, input.kind).await?
        } else {
            lexicon::import(app, &token.0, &input.list, input.kind).await?
        };
        let wrong = found.wrong.iter().take(lexicon::NAMED).map(|w| LexiconWrong {
            line: w.line,
            message: w.why.zh.to_string(),
            message_en: w.why.en.to_string(),
        });
        Ok(Json(LexiconImportOut {
            new: found.new.len(),
            known: found.known,
            wrong_count: found.wrong.len(),
            wrong: wrong.collect(),
            dry_run: input.dry_run,
        }))
    }

    /// 试一段文字 What screening notices in a text now; the text is not kept
    #[oai(path = "/lexicon/try", method = "post", operation_id = "tryLexicon")]
    async fn try_on(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Json(input): Json<LexiconTryIn>,
    ) -> Result<Json<Vec<LexiconFinding>>, Problem> {
        let found = lexicon::try_on(app, &token.0, &input.text).await?;
        let characters = |to: usize| input.text[..to].chars().count();
        let out = found.iter().map(|f| LexiconFinding {
            kind: f.kind.as_str().to_owned(),
            start: characters(f.start),
            end: characters(f.end),
            text: input.text[f.start..f.end].to_owned(),
        });
        Ok(Json(out.collect()))
    }
}
