//! Why somebody who was sent to a provider does not arrive, in words.

use crate::config::ContactClaim;
use crate::problem::{Words, words};

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such visit, or no more.
    Unknown,
    /// Another browser was sent.
    OtherBrowser,
    /// The answer came before.
    Repeated,
    /// The answer came too late.
    Late,
    /// The person said no, there or here.
    Denied,
    /// The provider is in trouble, or says that we are.
    Provider,
    /// The provider could not be asked.
    Away,
    /// Another provider answered.
    MixedUp,
    /// The answer is not to be believed.
    Untrue,
    /// The answer is of another time: one of the clocks is wrong.
    Clock,
    /// The provider did not check the person as well as the settings ask.
    TooWeak,
    /// The provider knows no contact of the person that it has verified.
    NoContact(ContactClaim),
}

impl Refusal {
    /// For the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::OtherBrowser => "other_browser",
            Self::Repeated => "repeated",
            Self::Late => "late",
            Self::Denied => "denied",
            Self::Provider => "provider",
            Self::Away => "away",
            Self::MixedUp => "mixed_up",
            Self::Untrue => "untrue",
            Self::Clock => "clock",
            Self::TooWeak => "too_weak",
            Self::NoContact(_) => "no_contact",
        }
    }

    /// HTTP status of its page.
    pub fn status(self) -> u16 {
        match self {
            Self::Repeated | Self::Late | Self::Unknown => 409,
            Self::Provider | Self::Away | Self::Clock => 503,
            _ => 403,
        }
    }

    /// What happened.
    pub fn title(self) -> Words {
        match self {
            Self::Unknown | Self::Late => words("这次认证已过期", "This sign-in has expired"),
            Self::OtherBrowser => {
                words("请在同一浏览器中完成认证", "Please go on in the browser where you began")
            }
            Self::Repeated => words("这次认证已经用过", "This sign-in was used already"),
            Self::Denied => words("认证已取消", "The sign-in was cancelled"),
            Self::Provider => {
                words("认证平台暂时不能完成认证", "The identity provider could not sign you in")
            }
            Self::Away => words("暂时无法连接认证平台", "The identity provider cannot be reached"),
            Self::MixedUp | Self::Untrue => {
                words("认证结果无效", "The answer of the identity provider is not valid")
            }
            Self::Clock => words("认证结果的时间不对", "The time of the identity provider's answer is wrong"),
            Self::TooWeak => words("认证等级不够", "The provider did not check your identity well enough"),
            Self::NoContact(_) => {
                words("认证平台没有您已核验的联系方式", "The provider knows no verified contact of yours")
            }
        }
    }

    /// What one can do.
    pub fn advice(self) -> Words {
        match self {
            Self::Unknown => words(
                "从进入认证平台到返回不能超过 15 分钟。请返回重新开始。",
                "The way to the provider and back may take 15 minutes. Please begin again.",
            ),
            Self::Late => words(
                "从进入认证平台到返回不能超过 15 分钟。已填写的内容仍然保留，请返回重新认证。",
                "The way to the provider and back may take 15 minutes. What you wrote is still there; go back and sign in again.",
            ),
            Self::OtherBrowser => words(
                "返回的浏览器与开始时的不是同一个，或者浏览器不允许保存 Cookie。请回到开始时的浏览器，重新认证。",
                "You came back in another browser, or yours keeps no cookies. Begin again in the browser you use now.",
            ),
            Self::Repeated => words(
                "同一结果只能使用一次，刷新或后退后会这样。请返回继续。",
                "An answer counts once; this happens after reloading or going back. Please go back and on.",
            ),
            Self::Denied => words(
                "您在认证平台取消了登录，或者没有同意提供信息。可以返回重试，也可以改用其他方式。",
                "You cancelled at the provider, or did not agree to share. Go back and try again, or choose another way.",
            ),
            Self::Provider => words(
                "认证平台报告了错误。请稍后再试；一直这样，请联系本单位。",
                "The provider reports an error. Try again later; if it stays so, please tell us.",
            ),
            Self::Away => words(
                "请稍后再试，也可以来信、来电或者到现场办理。",
                "Please try again later, or write, call or come by.",
            ),
            Self::MixedUp | Self::Untrue => words(
                "返回的结果没有通过校验，没有采用。请返回重新认证；一直这样，请联系本单位。",
                "What came back did not pass the checks and was not used. Begin again; if it stays so, please tell us.",
            ),
            Self::Clock => words(
                "认证平台与本系统的时钟相差过大，结果没有采用。请稍后再试；一直这样，请联系本单位。",
                "The clocks of the provider and of this site differ too much. Try again later; if it stays so, please tell us.",
            ),
            Self::TooWeak => words(
                "请在认证平台完成实名认证或者更高等级的登录，再返回重试。",
                "Complete the identity check at the provider, or sign in there in a stronger way, and try again.",
            ),
            Self::NoContact(ContactClaim::PhoneNumber) => words(
                "请先在认证平台绑定并核验手机号码，并同意提供给本系统。",
                "Have your phone number verified at the provider, and agree to share it with this site.",
            ),
            Self::NoContact(ContactClaim::Email) => words(
                "请先在认证平台绑定并核验电子邮箱，并同意提供给本系统。",
                "Have your e-mail address verified at the provider, and agree to share it with this site.",
            ),
        }
    }
}
