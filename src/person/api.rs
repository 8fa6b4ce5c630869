//! The API of my data.

use poem::Request;
use poem::web::Data;
use poem_openapi::auth::Bearer;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{OpenApi, SecurityScheme};

use super::Person;
use super::api_types::{
    ContactProofIn, DataInquiryIn, DataInquiryOut, DataInquiryReceipt, DataRequestOut, ErasureIn, OwnData,
    PersonSession,
};
use super::inquiry::{self, Inquiry};
use crate::app::App;
use crate::http::api::Area;
use crate::http::visitor::Visitor;
use crate::identity::api::{CodeSent, ContactIn};
use crate::identity::{self, Proof, Use};
use crate::problem::Problem;

/// The token of somebody who proved a contact, from `POST /my-data/sessions`.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", rename = "person_token", checker = "check_token")]
pub struct PersonToken(Person);

async fn check_token(request: &Request, bearer: Bearer) -> poem::Result<Person> {
    let app = request.data::<App>().ok_or_else(|| Problem::internal("no app"))?;
    Ok(super::session(app, &bearer.token).await?)
}

fn proof(input: &ContactProofIn) -> Proof {
    Proof { ticket: input.contact_ticket.clone(), code: input.contact_code.clone() }
}

pub struct Api;

#[OpenApi(tag = "Area::Opinion")]
impl Api {
    /// 获取验证码 Ask for the code that opens one's data
    #[oai(path = "/my-data/codes", method = "post", operation_id = "askMyDataCode")]
    async fn ask(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        body: Json<ContactIn>,
    ) -> Result<CodeSent, Problem> {
        let asked =
            identity::ask(app, &visitor.actor, Use::MyData, &body.0.contact, visitor.lang_code()).await?;
        Ok(CodeSent::Sent(Json(asked.into())))
    }

    /// 核验联系方式 Give the code; opens half an hour
    #[oai(path = "/my-data/sessions", method = "post", operation_id = "openMyData")]
    async fn enter(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        body: Json<ContactProofIn>,
    ) -> Result<Json<PersonSession>, Problem> {
        let (token, expires_at) = super::enter(app, &visitor.actor, &body.0.contact, &proof(&body.0)).await?;
        Ok(Json(PersonSession { token, expires_at }))
    }

    /// 查阅我的数据 What was sent with the contact
    #[oai(path = "/my-data", method = "get", operation_id = "getMyData")]
    async fn own(&self, Data(app): Data<&App>, person: PersonToken) -> Result<Json<OwnData>, Problem> {
        let all = super::all(app, &person.0).await?;
        Ok(Json(OwnData::new(app, &person.0, &all)))
    }

    /// 获取更正用的验证码 Ask for the code that proves a new contact
    #[oai(path = "/my-data/contact-codes", method = "post", operation_id = "askNewContactCode")]
    async fn ask_new(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        person: PersonToken,
        body: Json<ContactIn>,
    ) -> Result<CodeSent, Problem> {
        let about = Use::NewContact(&person.0.hash);
        let lang = visitor.lang_code();
        let asked = identity::ask(app, &visitor.actor, about, &body.0.contact, lang).await?;
        Ok(CodeSent::Sent(Json(asked.into())))
    }

    /// 更正联系方式 Correct the contact
    #[oai(path = "/my-data/contact", method = "put", operation_id = "correctContact")]
    async fn correct(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        person: PersonToken,
        body: Json<ContactProofIn>,
    ) -> Result<Json<DataRequestOut>, Problem> {
        let contact = &body.0.contact;
        let done = super::correct(app, &visitor.actor, &person.0, contact, &proof(&body.0)).await?;
        Ok(Json(done.into()))
    }

    /// 删除我的数据 Erase one's data
    ///
    /// 删除不能恢复；公开的文字去名保留，可选择一并撤回。It cannot be undone; published texts stay without a name unless
    /// they are taken back too.
    #[oai(path = "/my-data/erasure", method = "post", operation_id = "eraseMyData")]
    async fn erase(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        person: PersonToken,
        body: Json<ErasureIn>,
    ) -> Result<Json<DataRequestOut>, Problem> {
        let done = super::erase(app, &visitor.actor, &person.0, body.0.take_back_published).await?;
        Ok(Json(done.into()))
    }

    /// 提出个人信息请求 Ask about one's data what the site cannot do by itself
    #[oai(path = "/my-data/inquiries", method = "post", operation_id = "askAboutMyData")]
    async fn inquire(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        person: PersonToken,
        body: Json<DataInquiryIn>,
    ) -> Result<Json<DataInquiryReceipt>, Problem> {
        let input = Inquiry { kind: Some(body.0.kind), text: body.0.text };
        let lang = visitor.lang_code();
        let (row, code) = inquiry::ask(app, &visitor.actor, &person.0, &input, lang).await?;
        Ok(Json(DataInquiryReceipt { number: row.number, lookup_code: code.grouped() }))
    }

    /// 请求的答复 The answer to what was asked about one's data
    #[oai(path = "/data-inquiries/:code", method = "get", operation_id = "getDataInquiry")]
    async fn inquiry(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<DataInquiryOut>, Problem> {
        let found = inquiry::by_code(app, &visitor.actor.address, &code.0).await?;
        Ok(Json(DataInquiryOut::from(&found.ok_or_else(Problem::not_found)?)))
    }

    /// 请求的回执 The receipt of a request about personal data
    #[oai(path = "/data-requests/:code", method = "get", operation_id = "getDataRequest")]
    async fn request(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<DataRequestOut>, Problem> {
        Ok(Json(super::request(app, &visitor.actor.address, &code.0).await?.into()))
    }
}
