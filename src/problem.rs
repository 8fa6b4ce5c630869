//! What an operation answers when it cannot do what was asked: a stable code, a status, words in both
//! languages, and the fields to mend. `http` renders it as RFC 9457 JSON or as a page; what went wrong
//! inside is logged once and never shown.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use sea_orm::DbErr;
use validator::{ValidationErrors, ValidationErrorsKind};

use crate::db;

/// Seconds to wait when nothing better is known.
const WAIT: u64 = 5;

/// Words for people, Chinese first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub zh: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

/// `words("中文", "English")`, of literals or built strings.
pub fn words(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Words {
    Words { zh: zh.into(), en: en.into() }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal $text:literal $zh:literal $en:literal),+ $(,)?) => {
        /// The list of codes. Stable: programs may rely on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name),+ }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// HTTP status.
            pub fn status(self) -> u16 { match self { $(Self::$name => $status),+ } }
            pub fn as_str(self) -> &'static str { match self { $(Self::$name => $text),+ } }
            pub fn title(self) -> Words { match self { $(Self::$name => words($zh, $en)),+ } }
        }
    };
}

codes! {
    /// The request cannot be read: bad JSON, a wrong type, an unknown field.
    Malformed = 400 "malformed" "请求格式有误" "The request cannot be read",
    Unauthenticated = 401 "unauthenticated" "请先登录" "Please sign in",
    /// Wrong login or password, or too many tries: one answer for all of them.
    SignInFailed = 401 "sign_in_failed" "用户名或密码不正确" "The login or the password is wrong",
    Forbidden = 403 "forbidden" "您没有办理此事的权限" "You may not do this",
    /// The bureau asks its staff for a second factor, and this person has none yet.
    SecondFactorRequired = 403 "second_factor_required" "请先启用两步验证" "Please set up two-step sign-in first",
    /// The form did not come from this site, or its page is too old.
    ForeignForm = 403 "foreign_form" "页面已过期，请重新提交" "The page is out of date; please send it again",
    /// Too many come at once: a task for the sender's computer, or a short wait, comes first.
    ChallengeRequired = 403 "challenge_required" "请先完成一次自动验证" "Please pass a short automatic check first",
    NotFound = 404 "not_found" "没有找到" "Not found",
    MethodNotAllowed = 405 "method_not_allowed" "不支持该请求方式" "The method is not allowed here",
    /// The request came so slowly that we stopped reading it.
    TooSlow = 408 "too_slow" "请求发送过慢" "The request was sent too slowly",
    /// The state of things does not allow it now; the detail says why.
    Conflict = 409 "conflict" "当前状态不能这样办理" "The present state does not allow this",
    /// Somebody else changed it in between.
    Stale = 412 "stale" "内容已被他人修改，请刷新后重试" "Somebody changed this in between; reload and try again",
    TooLarge = 413 "too_large" "内容过大" "The content is too large",
    UrlTooLong = 414 "url_too_long" "地址过长" "The address is too long",
    UnsupportedMedia = 415 "unsupported_media" "不支持的内容类型" "The content type is not supported",
    /// Fields to mend.
    Invalid = 422 "invalid" "填写的内容需要修改" "Please mend what you entered",
    /// A rule of law stands against it; the detail names the article.
    AgainstRule = 422 "against_rule" "不符合程序规定" "A rule of procedure stands against this",
    /// 征求意见尚未开始或已经截止
    ConsultationClosed = 409 "consultation_closed" "现在不能提交意见" "Opinions cannot be sent now",
    /// The consultation asks for a verified contact (后台实名), and the proof is missing or not good.
    ContactUnproven = 422 "contact_unproven" "请先核验联系方式" "Please verify your contact first",
    /// The same idempotency key came with another body.
    KeyReused = 422 "key_reused" "同一提交编号对应了不同内容" "The idempotency key was used for another request",
    TooMany = 429 "too_many_requests" "操作过于频繁，请稍后再试" "Too many requests; please wait",
    Internal = 500 "internal" "系统内部错误" "Something went wrong on our side",
    Unavailable = 503 "unavailable" "系统暂时不可用，请稍后再试" "The service is not available for the moment",
}

/// A field and what to mend in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    pub field: Cow<'static, str>,
    pub message: Words,
}

/// The answer of an operation that did not do what was asked.
#[derive(Debug)]
pub struct Problem {
    pub code: Code,
    pub detail: Option<Words>,
    pub fields: Vec<FieldProblem>,
    /// Seconds after which to try again.
    pub retry_after: Option<u64>,
    /// For the log only.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, fields: Vec::new(), retry_after: None, source: None }
    }

    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    pub fn forbidden() -> Self {
        Self::new(Code::Forbidden)
    }

    pub fn conflict(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::Conflict).because(zh, en)
    }

    /// A rule stands against it; name the law and its article.
    pub fn against_rule(zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::AgainstRule).because(zh, en)
    }

    /// One field to mend.
    pub fn invalid(
        field: impl Into<Cow<'static, str>>,
        zh: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(Code::Invalid).field(field, zh, en)
    }

    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..Self::new(Code::Internal) }
    }

    #[must_use]
    pub fn because(mut self, zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(words(zh, en));
        self
    }

    #[must_use]
    pub fn field(
        mut self,
        field: impl Into<Cow<'static, str>>,
        zh: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.fields.push(FieldProblem { field: field.into(), message: words(zh, en) });
        self
    }

    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub fn status(&self) -> u16 {
        self.code.status()
    }

    /// Seconds after which to try again: whoever finds us unavailable is always told.
    pub fn wait(&self) -> Option<u64> {
        self.retry_after.or((self.code == Code::Unavailable).then_some(WAIT))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}",
            self.code.as_str(),
            self.detail.as_ref().map_or(self.code.title().en, |d| d.en.clone())
        )?;
        for field in &self.fields {
            write!(f, "; {}: {}", field.field, field.message.en)?;
        }
        if let Some(source) = &self.source {
            write!(f, "; {source}")?;
        }
        Ok(())
    }
}

impl Error for Problem {}

impl From<DbErr> for Problem {
    fn from(e: DbErr) -> Self {
        let code = db::code(&e);
        let problem = Self { source: Some(Box::new(e)), ..Self::new(code) };
        match code {
            Code::Invalid => problem.because(
                "所引用的内容不存在，可能已被他人删除",
                "What this refers to does not exist; somebody may have removed it",
            ),
            _ => problem,
        }
    }
}

/// The rules of `validator` in words; a custom rule gives its own as `code` = "zh|en".
impl From<ValidationErrors> for Problem {
    fn from(errors: ValidationErrors) -> Self {
        let mut problem = Self::new(Code::Invalid);
        collect(&errors, "", &mut problem);
        problem.fields.sort_by(|a, b| a.field.cmp(&b.field));
        problem
    }
}

fn collect(errors: &ValidationErrors, prefix: &str, problem: &mut Problem) {
    for (field, kind) in errors.errors() {
        let name = if prefix.is_empty() { field.to_string() } else { format!("{prefix}.{field}") };
        match kind {
            ValidationErrorsKind::Field(list) => {
                for error in list {
                    let message = describe(error);
                    problem.fields.push(FieldProblem { field: name.clone().into(), message });
                }
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &name, problem),
            ValidationErrorsKind::List(items) => {
                for (i, inner) in items {
                    collect(inner, &format!("{name}[{i}]"), problem);
                }
            }
        }
    }
}

fn describe(error: &validator::ValidationError) -> Words {
    let param = |name: &str| error.params.get(name).and_then(serde_json::Value::as_u64);
    match error.code.as_ref() {
        "length" => match (param("min"), param("max")) {
            (Some(1), None) => words("请填写", "Please fill this in"),
            (Some(1), Some(max)) if error.params.get("value").and_then(|v| v.as_str()) == Some("") => words(
                format!("请填写（不超过 {max} 字）"),
                format!("Please fill this in ({max} characters at most)"),
            ),
            (Some(min), Some(max)) => {
                words(format!("应为 {min} 至 {max} 字"), format!("Between {min} and {max} characters"))
            }
            (None, Some(max)) => words(format!("不超过 {max} 字"), format!("{max} characters at most")),
            (Some(min), None) => words(format!("至少 {min} 字"), format!("At least {min} characters")),
            (None, None) => words("长度不符合要求", "The length does not fit"),
        },
        "email" => words("请填写正确的电子邮箱", "Please give a valid e-mail address"),
        "range" => words("超出允许的范围", "Out of range"),
        other => match other.split_once('|') {
            Some((zh, en)) => words(zh.to_owned(), en.to_owned()),
            None => words("内容不符合要求", "Not acceptable"),
        },
    }
}
