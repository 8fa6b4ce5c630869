//! The operations of the API as its own description tells them, with the smallest bodies it allows.

use serde_json::{Map, Value, json};

use crate::harness::{Answer, Person, encode};
use crate::matrix_fixture::{Thing, World};

/// Long enough for every reason.
const TEXT: &str = "这是用来核对办理权限的一段文字。";

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub method: String,
    /// With the prefix of the server.
    pub path: String,
    pub parameters: Vec<Value>,
    /// Media type and schema, references resolved.
    pub body: Option<(String, Value)>,
}

/// The description itself.
pub fn document() -> Value {
    serde_json::from_str(&jianyan::http::openapi().spec()).unwrap()
}

pub fn operations() -> Vec<Operation> {
    let document = document();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let content = operation["requestBody"]["content"].as_object();
            let body = content.and_then(|c| c.iter().next()).map(|(media, body)| {
                (media.split(';').next().unwrap().to_owned(), resolved(&document, &body["schema"], 0))
            });
            all.push(Operation {
                method: method.to_ascii_uppercase(),
                path: format!("/api/v1{path}"),
                parameters: operation["parameters"].as_array().cloned().unwrap_or_default(),
                body,
            });
        }
    }
    all
}

/// A schema with every reference replaced by what it points at.
fn resolved(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth > 12 {
        return json!({});
    }
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(name.trim_start_matches('#')).unwrap_or(&Value::Null);
        return resolved(document, target, depth + 1);
    }
    match schema {
        Value::Object(fields) => fields
            .iter()
            .map(|(k, v)| (k.clone(), resolved(document, v, depth + 1)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(|v| resolved(document, v, depth + 1)).collect(),
        other => other.clone(),
    }
}

/// An address with its parameters filled in.
pub fn fill(world: &World, path: &str, thing: Thing) -> String {
    let mut before = String::new();
    let mut out = Vec::new();
    for segment in path.split('/') {
        let name = segment.strip_prefix(':').or_else(|| segment.strip_prefix('{')?.strip_suffix('}'));
        match name {
            Some(name) => {
                let value = world.parameter(&before, name, thing);
                // What the world lacks does not exist: whoever may ask gets "not found".
                let value = value.unwrap_or_else(|| uuid::Uuid::nil().to_string());
                out.push(encode(&value));
            }
            None => {
                segment.clone_into(&mut before);
                out.push(segment.to_owned());
            }
        }
    }
    out.join("/")
}

/// Good values for whatever a form of ours asks; a field it does not know is left aside.
pub fn form_fields(world: &World, path: &str, thing: Thing) -> Vec<(&'static str, String)> {
    let of = if thing == Thing::Shown { &world.shown } else { &world.hidden };
    let about_a_step = path.contains("/step") || path.contains("/skip");
    let kind = if about_a_step { "hearing" } else { "public_measure" };
    let fixed = [
        ("title", "公共体育场馆开放服务办法"),
        ("kind", kind),
        ("summary", TEXT),
        ("basis", TEXT),
        ("reason", TEXT),
        ("note", TEXT),
        ("notice", TEXT),
        ("gist", TEXT),
        ("text", TEXT),
        ("correction_notice", TEXT),
        ("body", "第一条　公共体育场馆应当向社会开放。"),
        ("year", "2026"),
        ("revision", "1"),
        ("opens_on", "2026-03-10"),
        ("closes_on", "2026-04-30"),
        ("new_closes_on", "2026-04-30"),
        ("happened_on", "2026-02-27"),
        ("promulgated_on", "2026-02-27"),
        ("received_on", "2026-02-27"),
        ("doc_number", "示体规〔2026〕1号"),
        ("planned_time", "第四季度"),
        ("contact_name", "群众体育处"),
        ("email", "sports@example.invalid"),
        ("person_kind", "individual"),
        ("show_as", "masked"),
        ("channel", "letter"),
        ("outcome", "adopted"),
        ("consent", "yes"),
        ("agree", "yes"),
        ("name", "王小明"),
        ("display_name", "王小明"),
        ("short_name", "群体处"),
        ("login", "someone"),
        ("roles", "owner"),
    ];
    let mut fields: Vec<(&'static str, String)> = fixed.map(|(name, value)| (name, value.to_owned())).into();
    fields.push(("department_id", world.sports.to_string()));
    fields.push(("owner_id", world.people.owner.to_string()));
    fields.push(("document_id", of.document.to_string()));
    fields
}

impl Operation {
    /// Asks with the parameters that must be there and the smallest body.
    pub async fn ask(&self, world: &World, person: &Person, path: &str, thing: Thing) -> Answer {
        let mut query = Vec::new();
        let mut headers = Vec::new();
        for parameter in self.parameters.iter().filter(|p| p["required"] == true) {
            let name = parameter["name"].as_str().unwrap();
            let value = plain(&example(world, name, &parameter["schema"], thing));
            match parameter["in"].as_str() {
                Some("query") => query.push(format!("{name}={}", encode(&value))),
                Some("header") => headers.push((name.to_owned(), value)),
                _ => {}
            }
        }
        let path = if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) };
        let mut headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let body = match &self.body {
            None => Vec::new(),
            Some((media, schema)) if media == "application/json" => {
                headers.push(("content-type", "application/json"));
                example(world, "", schema, thing).to_string().into_bytes()
            }
            Some((media, schema)) if media == "multipart/form-data" => {
                headers.push(("content-type", "multipart/form-data; boundary=cut"));
                multipart(&example(world, "", schema, thing), schema)
            }
            Some((media, _)) => {
                headers.push(("content-type", media));
                b"a,b\n".to_vec()
            }
        };
        person.raw(&self.method, &path, &headers, body).await
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn multipart(fields: &Value, schema: &Value) -> Vec<u8> {
    let mut body = String::new();
    for (name, value) in fields.as_object().into_iter().flatten() {
        let file = schema["properties"][name]["format"] == "binary";
        let file = if file { "; filename=\"a.txt\"" } else { "" };
        body.push_str(&format!(
            "--cut\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{}\r\n",
            plain(value)
        ));
    }
    body.push_str("--cut--\r\n");
    body.into_bytes()
}

/// The smallest value a schema takes: only what must be there.
pub fn example(world: &World, name: &str, schema: &Value, thing: Thing) -> Value {
    if let Some(first) = schema["enum"].as_array().and_then(|e| e.first()) {
        return first.clone();
    }
    for choice in ["allOf", "oneOf", "anyOf"] {
        if let Some(first) = schema[choice].as_array().and_then(|c| c.first()) {
            return example(world, name, first, thing);
        }
    }
    match schema["type"].as_str() {
        Some("object") => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = required.iter().filter_map(Value::as_str);
            fields
                .map(|f| (f.to_owned(), example(world, f, &schema["properties"][f], thing)))
                .collect::<Map<_, _>>()
                .into()
        }
        Some("array") => {
            let items = schema["minItems"].as_u64().unwrap_or(0);
            (0..items).map(|_| example(world, name, &schema["items"], thing)).collect()
        }
        // The spec writes the least of an integer as `1.0`.
        Some("integer") => json!(schema["minimum"].as_f64().map_or(1, |least| least as i64)),
        Some("number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(true),
        _ => text(world, name, schema, thing),
    }
}

fn text(world: &World, name: &str, schema: &Value, thing: Thing) -> Value {
    let of = if thing == Thing::Shown { &world.shown } else { &world.hidden };
    match (schema["format"].as_str(), name) {
        (Some("uuid"), "department_id" | "parent_id") => json!(world.sports.to_string()),
        (Some("uuid"), "document_id" | "final_document_id") => json!(of.document.to_string()),
        (Some("uuid"), "clause_id" | "final_clause_id") => json!(of.clause.to_string()),
        (Some("uuid"), "owner_id" | "head_id" | "staff_id") => json!(world.people.owner.to_string()),
        (Some("uuid"), "topic_id") => json!(of.topic.to_string()),
        (Some("uuid"), _) => json!("00000000-0000-7000-8000-000000000000"),
        (Some("date" | "naive-date"), "closes_on" | "new_closes_on") => json!("2026-04-30"),
        (Some("date" | "naive-date"), "opens_on") => json!("2026-03-10"),
        (Some("date" | "naive-date"), _) => json!("2026-03-02"),
        (Some("date-time"), _) => json!("2026-03-02T02:00:00Z"),
        (Some("email"), _) => json!("someone@example.invalid"),
        (_, "decision" | "decision_code") => json!(of.code),
        (_, "consultation" | "consultation_code") => json!(of.window),
        (_, "number" | "opinion" | "opinion_number") => json!(of.number),
        (_, "code" | "lookup_code") => json!(of.lookup),
        (_, "doc_number") => json!("示体规〔2026〕1号"),
        (_, "department" | "key") => json!("sports"),
        (_, "contact" | "email") => json!("someone@example.invalid"),
        (_, "login") => json!("someone"),
        _ => {
            let longest = schema["maxLength"].as_u64().unwrap_or(u64::MAX);
            json!(TEXT.chars().take(usize::try_from(longest).unwrap_or(usize::MAX)).collect::<String>())
        }
    }
}
