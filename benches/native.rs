//! The native core by itself: `cargo bench --features os-entropy`, or as the first part of `cargo xtask bench`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    unreachable_pub,
    reason = "a benchmark that cannot start says so by failing"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::{hint::black_box, time::Duration};

use common::{
    files, merchant,
    push::{NOW, Push, channel},
    vectors,
};
use criterion::{Criterion, criterion_group, criterion_main};
use wechat_realname::{
    CallContext, CheckRealNameInfo, Merchant, Operation, Response, merchant::OsEntropy,
};

fn crypto(criterion: &mut Criterion) {
    for vector in vectors() {
        let bits = vector.bits;
        let given = files("1900006511", &vector.pkcs8, &vector.certificate);
        let merchant = merchant(&vector);
        let person = &vector.people[0];
        assert_eq!(
            merchant.sign(vector.timestamp, &OsEntropy).unwrap(),
            vector.sign
        );
        criterion.bench_function(&format!("open a merchant, {bits} bits"), |bencher| {
            bencher.iter(|| Merchant::open(black_box(&given)).unwrap());
        });
        criterion.bench_function(&format!("sign, {bits} bits"), |bencher| {
            bencher.iter(|| {
                merchant
                    .sign(black_box(vector.timestamp), &OsEntropy)
                    .unwrap()
            });
        });
        criterion.bench_function(&format!("open a reply, {bits} bits"), |bencher| {
            bencher.iter(|| {
                let name = black_box(&person.encryted_real_name);
                let number = black_box(&person.encryted_credential_id);
                merchant.open_reply(name, number, &OsEntropy).unwrap()
            });
        });
    }
}

fn data(criterion: &mut Criterion) {
    let token = "ACCESS_TOKEN".into();
    let context = CallContext::new(&token);
    let check = CheckRealNameInfo {
        openid: "oLVPpjqs9BhvzwPj5A-vTYAX3GLc".into(),
        real_name: "张三".into(),
        cred_id: "11010519491231002X".into(),
        code: "the code of the consent page".into(),
        ..Default::default()
    };
    let body = r#"{"errcode":0,"verify_openid":"V_OP_NM_MA","verify_real_name":"V_NM_ID_MA"}"#;
    let response = Response::new(200, body);
    criterion.bench_function("build a request", |bencher| {
        bencher.iter(|| black_box(&check).request(&context).unwrap());
    });
    criterion.bench_function("read a reply", |bencher| {
        bencher.iter(|| check.interpret(black_box(&response), &context).unwrap());
    });
}

fn pushes(criterion: &mut Criterion) {
    let channel = channel();
    let push = Push::of(
        "<xml><AppId><![CDATA[wxcomponent00000001]]></AppId><CreateTime>1699999990</CreateTime>\
         <InfoType><![CDATA[component_verify_ticket]]></InfoType>\
         <ComponentVerifyTicket><![CDATA[ticket@@@canary]]></ComponentVerifyTicket></xml>",
    );
    criterion.bench_function("open a push", |bencher| {
        bencher.iter(|| push.open(&channel, black_box(NOW)).unwrap());
    });
}

criterion_group! {
    name = native;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .without_plots();
    targets = crypto, data, pushes
}
criterion_main!(native);
