//! A submitted form: what was typed, tidied and kept, and the files that came with it. Reading it checks
//! the token that every form of a signed-in person carries.

use std::collections::BTreeMap;

use poem::web::Multipart;
use poem::{FromRequest, Request, RequestBody};
use serde::Deserialize;
use web::form::{FieldError, FormState};
use web::lang::Lang;

use crate::app::App;
use crate::attachment;
use crate::challenge::FIELD;
use crate::http::challenge;
use crate::http::spool;
use crate::http::visitor::Visitor;
use crate::problem::{Code, Problem};
use crate::text;

/// More fields than any form of ours has.
const MAX_FIELDS: usize = 2000;
/// More attachments than anybody chooses by mistake; each holds a file open.
const MAX_FILES: usize = 50;

#[derive(Clone, Debug, Default)]
pub struct Form {
    values: BTreeMap<String, Vec<String>>,
    pub files: Vec<Upload>,
    /// Attachments; they lie on the disk.
    pub attachments: Vec<attachment::Upload>,
}

/// An uploaded file; an empty file field gives none.
#[derive(Clone, Debug)]
pub struct Upload {
    pub field: String,
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Pairs(Vec<(String, String)>);

impl<'a> FromRequest<'a> for Form {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let visitor = Visitor::from_request(request, body).await?;
        let is_multipart = request.content_type().is_some_and(|t| t.starts_with("multipart/form-data"));
        let form = if is_multipart {
            Self::multipart(request, body).await?
        } else {
            Self::urlencoded(request, body).await?
        };
        if let Some(session) = &visitor.session
            && form.get("csrf") != session.csrf
        {
            return Err(Problem::new(Code::ForeignForm).into());
        }
        if let Some(app) = request.data::<App>() {
            challenge::keep(app, &visitor, &form.values, form.get(FIELD));
        }
        Ok(form)
    }
}

impl Form {
    async fn urlencoded(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let poem::web::Form(Pairs(pairs)) = poem::web::Form::<Pairs>::from_request(request, body)
            .await
            .map_err(|_| Problem::new(Code::Malformed))?;
        let mut form = Self::default();
        for (name, value) in pairs {
            form.add(name, &value)?;
        }
        Ok(form)
    }

    async fn multipart(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let mut parts =
            Multipart::from_request(request, body).await.map_err(|_| Problem::new(Code::Malformed))?;
        let app = request.data::<App>().ok_or_else(|| Problem::internal("no app"))?;
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|_| Problem::new(Code::Malformed))? {
            let field = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            if let Some(name) = file.as_deref().filter(|_| attachment::FIELDS.contains(&field.as_str())) {
                let sent = spool::part(app, name, part.into_async_read()).await?;
                // An empty field of a form sends a file without a name.
                if !name.is_empty() || sent.size > 0 {
                    form.attach(sent)?;
                }
                continue;
            }
            let media_type = part.content_type().unwrap_or("application/octet-stream").to_owned();
            let bytes = part.bytes().await.map_err(|_| Problem::new(Code::Malformed))?;
            match file {
                Some(name) if !name.is_empty() || !bytes.is_empty() => {
                    let name = text::tidy(name.rsplit(['/', '\\']).next().unwrap_or_default());
                    form.files.push(Upload { field, name, media_type, bytes });
                }
                Some(_) => {}
                None => {
                    let value = String::from_utf8(bytes).map_err(|_| Problem::new(Code::Malformed))?;
                    form.add(field, &value)?;
                }
            }
        }
        Ok(form)
    }

    /// A form that was kept while its person was away.
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            form.values.entry(name).or_default().push(value);
        }
        form
    }

    fn attach(&mut self, sent: attachment::Upload) -> Result<(), Problem> {
        if self.attachments.len() >= MAX_FILES {
            return Err(Problem::new(Code::TooLarge));
        }
        self.attachments.push(sent);
        Ok(())
    }

    fn add(&mut self, name: String, value: &str) -> Result<(), Problem> {
        if self.values.len() >= MAX_FIELDS {
            return Err(Problem::new(Code::TooLarge));
        }
        self.values.entry(name).or_default().push(text::tidy(value));
        Ok(())
    }

    /// Everything that was typed.
    pub fn values(&self) -> &BTreeMap<String, Vec<String>> {
        &self.values
    }

    /// The first value of a field; empty when it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// The value, or none when nothing was typed.
    pub fn opt(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|v| !v.is_empty()).map(str::to_owned)
    }

    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn is_checked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// The names that were sent: for forms with a row of fields a thing.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// A value that must be read as something: an id, a date, an enum.
    ///
    /// # Errors
    /// `invalid` with the field.
    pub fn parse<T>(&self, name: &'static str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
        read(self.get(name))
            .ok_or_else(|| Problem::invalid(name, "请填写正确的内容", "Please give a proper value"))
    }

    /// The same where nothing may be typed.
    ///
    /// # Errors
    /// `invalid` with the field.
    pub fn parse_opt<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        if self.get(name).is_empty() { Ok(None) } else { self.parse(name, read).map(Some) }
    }

    /// The form again with what was typed and what to mend.
    pub fn state(&self, problem: &Problem, lang: Lang) -> FormState {
        let mut values = self.values.clone();
        values.remove("csrf");
        values.retain(|name, _| !name.contains("password"));
        FormState { values, errors: errors(problem, lang) }
    }
}

/// A problem as the errors of a form; what belongs to no field comes first, with an empty name.
pub fn errors(problem: &Problem, lang: Lang) -> Vec<FieldError> {
    let say = |w: &crate::problem::Words| lang.t(&w.zh, &w.en).to_owned();
    let mut errors: Vec<FieldError> = Vec::new();
    match &problem.detail {
        Some(detail) => errors.push(FieldError { field: String::new(), message: say(detail) }),
        None if problem.fields.is_empty() => {
            errors.push(FieldError { field: String::new(), message: say(&problem.code.title()) });
        }
        None => {}
    }
    errors.extend(
        problem.fields.iter().map(|f| FieldError { field: f.field.to_string(), message: say(&f.message) }),
    );
    errors
}
