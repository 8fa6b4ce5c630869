//! What all of the API shares: problems as RFC 9457 JSON with their schema, and the bearer token.

use poem::http::{StatusCode, header};
use poem::{IntoResponse, Request, Response};
use poem_openapi::auth::Bearer;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON as _, Type as _};
use poem_openapi::{ApiResponse, Object, SecurityScheme, Tags};

use crate::account::token;
use crate::actor::Actor;
use crate::app::App;
use crate::http::visitor::Visitor;
use crate::problem::{Code, Problem};

/// A problem document (RFC 9457), in Chinese with the English beside it.
#[derive(Debug, Object)]
#[oai(rename = "Problem")]
pub struct ProblemBody {
    /// `about:blank`; the code tells problems apart.
    #[oai(rename = "type")]
    kind: String,
    title: String,
    title_en: String,
    status: u16,
    /// Stable name of the problem.
    code: String,
    #[oai(skip_serializing_if_is_none)]
    detail: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    detail_en: Option<String>,
    /// The fields to mend.
    errors: Vec<ProblemField>,
    #[oai(skip_serializing_if_is_none)]
    request_id: Option<String>,
}

/// A field and what to mend in it.
#[derive(Debug, Object)]
pub struct ProblemField {
    field: String,
    message: String,
    message_en: String,
}

/// The media type of problems.
struct ProblemJson;

impl Payload for ProblemJson {
    const CONTENT_TYPE: &'static str = "application/problem+json";

    fn schema_ref() -> MetaSchemaRef {
        ProblemBody::schema_ref()
    }

    fn register(registry: &mut Registry) {
        ProblemBody::register(registry);
    }
}

/// A problem as JSON, with the request's id.
pub fn problem_response(problem: &Problem, request_id: &str) -> Response {
    let body = ProblemBody {
        kind: "about:blank".into(),
        title: problem.code.title().zh.into_owned(),
        title_en: problem.code.title().en.into_owned(),
        status: problem.status(),
        code: problem.code.as_str().into(),
        detail: problem.detail.as_ref().map(|d| d.zh.to_string()),
        detail_en: problem.detail.as_ref().map(|d| d.en.to_string()),
        errors: problem
            .fields
            .iter()
            .map(|f| ProblemField {
                field: f.field.to_string(),
                message: f.message.zh.to_string(),
                message_en: f.message.en.to_string(),
            })
            .collect(),
        request_id: (!request_id.is_empty()).then(|| request_id.to_owned()),
    };
    let mut response = Response::builder()
        .status(StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .content_type(ProblemJson::CONTENT_TYPE)
        .body(body.to_json_string());
    if let Some(seconds) = problem.wait() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    if problem.code == Code::Unauthenticated {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, poem::http::HeaderValue::from_static("Bearer"));
    }
    response
}

/// Every operation may answer with these; the spec says so once for all.
impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        let describe = |status: u16, description: &'static str| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: vec![MetaMediaType {
                content_type: ProblemJson::CONTENT_TYPE,
                schema: ProblemJson::schema_ref(),
            }],
            headers: vec![],
        };
        MetaResponses {
            responses: vec![
                describe(400, "请求格式有误 The request cannot be read"),
                describe(401, "未登录或令牌无效 No valid token"),
                describe(403, "没有权限 Not allowed"),
                describe(404, "没有找到，或无权查看 Not found, or not to be seen"),
                describe(405, "不支持的方法 Method not allowed"),
                describe(408, "请求发送过慢 Sent too slowly"),
                describe(409, "当前状态不允许 The present state does not allow it"),
                describe(412, "已被他人修改 Changed by somebody else"),
                describe(413, "内容过大 Too large"),
                describe(414, "地址过长 Address too long"),
                describe(415, "不支持的内容类型 Unsupported media type"),
                describe(422, "内容需要修改 Something to mend"),
                describe(429, "过于频繁 Too many requests"),
                describe(500, "内部错误 Internal error"),
                describe(503, "暂时不可用 Unavailable"),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        ProblemJson::register(registry);
    }
}

/// A member of staff's bearer token, from `jianyan token LOGIN`.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", rename = "staff_token", checker = "check_token")]
pub struct StaffToken(pub Actor);

async fn check_token(request: &Request, bearer: Bearer) -> poem::Result<Actor> {
    let app = request.data::<App>().ok_or_else(|| Problem::internal("no app"))?;
    let visitor =
        request.extensions().get::<Visitor>().ok_or_else(|| Problem::internal("the edge did not run"))?;
    let staff = token::verify(app, &bearer.token).await?;
    Ok(Actor { who: crate::actor::Who::Staff(staff), ..visitor.actor.clone() })
}

/// The areas of the API.
#[derive(Tags)]
pub enum Area {
    /// 决策事项目录 The catalogue of major decisions
    Catalogue,
    /// 决策事项 Decisions and their dossiers
    Decision,
    /// 公开征求意见 Consultations
    Consultation,
    /// 意见与回执 Opinions and receipts
    Opinion,
    /// 审核 Review
    Review,
    /// 留言板 The message board
    Message,
    /// 归并、答复与采纳情况 Topics, responses and adoption summaries
    Summary,
    /// 公众参与活动 Events with the public
    Event,
    /// 网络问政 Online questions and answers
    Qa,
    /// 时限与工作日 Duties and working days
    Duty,
    /// 搜索 Search
    Search,
    /// 单位、人员、设置 Departments, staff, settings
    Administration,
}

/// Turns whatever went wrong outside of our handlers into a problem.
pub fn from_poem(error: &poem::Error) -> Problem {
    let code = match error.status().as_u16() {
        401 => Code::Unauthenticated,
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        408 => Code::TooSlow,
        503 => Code::Unavailable,
        413 => Code::TooLarge,
        415 => Code::UnsupportedMedia,
        status if (400..500).contains(&status) => Code::Malformed,
        _ => Code::Internal,
    };
    let problem = Problem::new(code);
    match code {
        // The parser's words name the field and what it expected; they hold nothing of ours.
        Code::Malformed => {
            let text: String = error.to_string().chars().filter(|c| !c.is_control()).take(300).collect();
            problem.because(format!("请求无法解析：{text}"), text)
        }
        Code::Internal => Problem { source: Some(error.to_string().into()), ..problem },
        _ => problem,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        problem_response(&self, "")
    }
}
