//! The committed OpenAPI document is the one the program prints.

#[test]
fn the_committed_spec_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let current = jianyan::http::openapi().spec();
    assert!(
        committed.trim() == current.trim(),
        "openapi/openapi.json is out of date; if the change is meant, run: cargo run -- openapi > openapi/openapi.json"
    );
}

#[test]
fn every_operation_has_an_id_a_summary_a_tag_and_its_errors() {
    let spec: serde_json::Value = serde_json::from_str(&jianyan::http::openapi().spec()).unwrap();
    for (path, operations) in spec["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(operation["operationId"].is_string(), "{name} has no operation id");
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(
                !summary.is_ascii() && summary.chars().any(|c| c.is_ascii_alphabetic()),
                "{name}: {summary:?}"
            );
            assert!(operation["tags"].as_array().is_some_and(|t| !t.is_empty()), "{name} has no tag");
            for status in ["400", "401", "403", "404", "422", "500"] {
                let body = &operation["responses"][status]["content"]["application/problem+json"];
                assert!(body.is_object(), "{name} does not say {status}");
            }
        }
    }
}
