//! The fixed addresses that the frame links to. Handlers use the same constants for their routes.

pub const HOME: &str = "/";
/// The column 重大行政决策.
pub const DECISIONS: &str = "/decisions";
pub const CATALOGUES: &str = "/catalogues";
pub const CONSULTATIONS: &str = "/consultations";
pub const SUMMARIES: &str = "/summaries";
pub const WORK_PLAN: &str = "/work-plan";
/// Events with the public.
pub const EVENTS: &str = "/events";
/// Everything to come, for a calendar to follow.
pub const EVENTS_CALENDAR: &str = "/events/calendar.ics";
/// Below it the page behind the lookup code of a registration for an event.
pub const REGISTRATIONS: &str = "/registrations";
pub const SEARCH: &str = "/search";
/// The form that takes a lookup code, and below it the state pages.
pub const LOOKUP: &str = "/receipts";
/// Below it the pages of opinions that were sent together.
pub const SUBMISSIONS: &str = "/receipts/submissions";
/// Below it the receipts of questionnaires.
pub const QUESTIONNAIRE_RECEIPTS: &str = "/receipts/questionnaires";
/// 留言板: the answered messages, and below it each of them.
pub const MESSAGES: &str = "/messages";
pub const MESSAGES_NEW: &str = "/messages/new";
pub const MESSAGES_FIGURES: &str = "/messages/figures";
/// Below it the state pages of messages.
pub const MESSAGE_RECEIPTS: &str = "/receipts/messages";
pub const DESK_MESSAGES: &str = "/desk/messages";
/// Which published pages take messages.
pub const DESK_MESSAGE_PAGES: &str = "/desk/message-pages";
/// 网络问政: the sessions, and below it each of them.
pub const QA: &str = "/qa";
/// Below it the state pages of questions.
pub const QA_RECEIPTS: &str = "/receipts/qa";
pub const DESK_QA: &str = "/desk/qa";
/// 留言须知: what is published, what is kept, for how long.
pub const NOTICE: &str = "/notice";
/// The consent text in force; below it each version.
pub const CONSENT: &str = "/notice/consent";
/// Below it the receipts of requests about personal data.
pub const DATA_REQUESTS: &str = "/receipts/requests";
/// 我的数据: what was sent with a contact.
pub const MY_DATA: &str = "/my-data";
/// Requests about personal data on the desk, and below it each of them.
pub const DESK_DATA_REQUESTS: &str = "/desk/data-requests";
/// Where providers (统一身份认证) send people back to.
pub const CALLBACK: &str = "/oidc/callback";
pub const DESK_CONSENT: &str = "/desk/admin/consent";
pub const ACCESSIBILITY: &str = "/accessibility";
pub const SITE_MAP: &str = "/site-map";
pub const FEED_CONSULTATIONS: &str = "/feeds/consultations.atom";
pub const FEED_SUMMARIES: &str = "/feeds/summaries.atom";
pub const OPENAPI: &str = "/openapi.json";
pub const API_DOCS: &str = "/api/docs";
pub const DESK: &str = "/desk";
pub const INBOX: &str = "/desk/inbox";
/// One's own account.
pub const ACCOUNT: &str = "/desk/account";
/// The second factor of one's own account; who needs one and has none reaches nothing else.
pub const SECOND_FACTOR: &str = "/desk/account/second-factor";
/// Where somebody goes on who links the own account with a provider's.
pub const ACCOUNT_LINKED: &str = "/desk/account/linked";
pub const SIGN_IN: &str = "/desk/sign-in";
/// The second step of signing in.
pub const SIGN_IN_CODE: &str = "/desk/sign-in/code";
/// Where somebody goes on who signed in at a provider; below `/desk/sign-in/with/` each provider.
pub const SIGN_IN_ARRIVED: &str = "/desk/sign-in/arrived";
pub const SIGN_OUT: &str = "/desk/sign-out";
pub const SET_UP: &str = "/desk/set-up";
/// Assets are served below this by the name that [`crate::asset::asset_url`] gives.
pub const STATIC: &str = "/static/";
