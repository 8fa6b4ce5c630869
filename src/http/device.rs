//! The signed cookie that tells browsers apart where each counts once and nobody has an account.

use poem::http::{HeaderValue, header};
use poem::{Request, Response};

use crate::app::App;
use crate::http::visitor::cookie;
use crate::opinion::support::{COOKIE, Device};
use crate::problem::Problem;

const YEAR: u32 = 31_536_000;

/// The device that asks, if this site has seen it before.
pub fn of(app: &App, request: &Request) -> Option<Device> {
    cookie(request, COOKIE).and_then(|signed| Device::parse(app, signed))
}

/// Has the browser keep its device.
///
/// # Errors
/// `internal`; what is signed is plain ASCII.
pub fn remember(app: &App, response: &mut Response, device: &Device) -> Result<(), Problem> {
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let cookie =
        format!("{COOKIE}={}; Path=/; Max-Age={YEAR}; SameSite=Lax; HttpOnly{secure}", device.signed(app));
    let value = HeaderValue::from_str(&cookie).map_err(Problem::internal)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(())
}
