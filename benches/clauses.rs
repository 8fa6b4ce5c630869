//! How fast a draft of the size of the Civil Code is cut, beside the least that
//! any cutter must do: look at every line and copy it.

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jianyan::clauses::{cut, match_versions};

/// The Civil Code where the shared data is there, else a text of its size and shape.
fn civil_code() -> String {
    let data = std::env::var_os("JIANYAN_SHARED_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    std::fs::read_to_string(data.join("laws/d001_民法典.txt")).unwrap_or_else(|_| {
        eprintln!("no law texts: cutting a generated text");
        let mut text = String::from("某法典\n\n");
        for n in 1..=1260 {
            if n % 15 == 1 {
                text.push_str(&format!("第{}章 一般规定\n", n / 15 + 1));
            }
            text.push_str(&format!("第{n}条 民事主体的人身权利、财产权利以及其他合法权益受法律保护，任何组织或者个人不得侵犯。\n"));
            if n % 3 == 0 {
                text.push_str("（一）处理民事纠纷，应当依照法律；\n（二）法律没有规定的，可以适用习惯，但是不得违背公序良俗。\n");
            }
            text.push_str("当事人对其他权利的行使另有约定的，按照其约定，但是法律另有规定的除外。\n");
        }
        text
    })
}

fn clauses(c: &mut Criterion) {
    let text = civil_code();
    let mut group = c.benchmark_group("clauses");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("floor: copy every line", |b| {
        b.iter(|| black_box(&text).lines().map(|l| l.trim().to_owned()).collect::<Vec<String>>());
    });
    group.bench_function("cut", |b| b.iter(|| cut(black_box(&text))));
    group.finish();

    let old = cut(&text);
    let same = cut(&text);
    let reworded = cut(&text.replace("应当", "必须"));
    let mut group = c.benchmark_group("versions");
    group.throughput(Throughput::Elements(old.clauses.len() as u64));
    group.bench_function("nothing changed", |b| {
        b.iter(|| match_versions(black_box(&old.clauses), black_box(&same.clauses)))
    });
    group.bench_function("a third reworded", |b| {
        b.iter(|| match_versions(black_box(&old.clauses), black_box(&reworded.clauses)))
    });
    group.finish();
}

criterion_group!(benches, clauses);
criterion_main!(benches);
