//! The API of tasks.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::{Gate, PARTS, task};
use crate::app::App;
use crate::http::api::Area;
use crate::problem::Problem;

pub struct Api;

/// A task for the sender's computer (工作量证明). With `seed = SHA-256(token)`, find for each part `i` from 0 a number
/// `n` of 32 bits so that `SHA-256(seed ‖ i ‖ n)` begins with `bits` zero bits; `i` and `n` are four bytes, the highest
/// first. The answer is `token~n0.n1.…`, to be sent once in the header `Jianyan-Challenge`.
#[derive(Object)]
struct ChallengeOut {
    gate: Gate,
    /// Whether an answer is asked for now. The rest is there only then.
    required: bool,
    #[oai(skip_serializing_if_is_none)]
    token: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    parts: Option<u32>,
    #[oai(skip_serializing_if_is_none)]
    bits: Option<u32>,
    #[oai(skip_serializing_if_is_none)]
    expires_at: Option<DateTime<Utc>>,
    /// The same, counted from now.
    #[oai(skip_serializing_if_is_none)]
    valid_seconds: Option<u32>,
}

#[OpenApi(tag = "Area::Administration")]
impl Api {
    /// 取一道自动验证题 A task to solve before something is sent
    ///
    /// 收到 403 `challenge_required` 时使用；带有工作人员令牌的程序不需要。For who was answered 403 `challenge_required`;
    /// programs with a token of staff are not asked.
    #[oai(path = "/challenges/:gate", method = "get", operation_id = "getChallenge")]
    async fn challenge(
        &self,
        Data(app): Data<&App>,
        gate: Path<Gate>,
    ) -> Result<Json<ChallengeOut>, Problem> {
        let task = task(app, gate.0);
        Ok(Json(ChallengeOut {
            gate: gate.0,
            required: task.is_some(),
            parts: task.as_ref().map(|_| PARTS),
            bits: task.as_ref().map(|t| t.bits),
            expires_at: task.as_ref().map(|t| t.expires_at),
            valid_seconds: task.as_ref().map(|_| app.config.challenge.valid_minutes * 60),
            token: task.map(|t| t.token),
        }))
    }
}
