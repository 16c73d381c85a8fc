//! The broker's own samples, sent by the Python client `ib_async` in the text era: what the simulated TWS reads of them is
//! the same value as our own builders make.
//!
//! ```text
//! cargo run --release -p tradeport-ib --example text_era_samples -- PYTHON SCRIPT
//! ```
//!
//! PYTHON is an interpreter that has `ib_async`, SCRIPT is `send_samples.py` of the simulated TWS. `cargo xtask conformance
//! clients` makes the one and finds the other.
//!
//! Left out: fields of the broker's newest client that this one has no name for. They stand in one list ([`UNSPOKEN`]),
//! which the script checks; samples that have them are sent and compared without them.
#![expect(clippy::print_stdout, reason = "checks are told")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a check fails to be made")]

#[path = "../../tests/order_golden/variations/algos.rs"]
mod algos;
#[path = "../../tests/order_golden/around.rs"]
mod around;
#[path = "../../tests/support/contract_json.rs"]
mod contract_json;
#[path = "../../tests/order_golden/expand.rs"]
#[expect(dead_code, reason = "tests do more with it")]
mod expand;
#[path = "../../tests/support/files.rs"]
#[expect(dead_code, reason = "tests do more with it")]
mod files;
mod heard;
#[path = "../../tests/order_golden/samples.rs"]
#[expect(dead_code, reason = "tests do more with it")]
mod samples;
mod work;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use tradeport_fake_tws::FakeTws;
use tradeport_fake_tws::record::{Dialogue, Recorder, RecordingReader, Said};
use tradeport_fake_tws::server::ServerSettings;
use tradeport_fake_tws::wire::Request;
use tradeport_kernel::Timestamp;
use tradeport_memory::VirtualClock;

/// What the broker's newest client can say of an order and this one cannot.
const UNSPOKEN: [&str; 10] = [
    "customerAccount",
    "externalUserId",
    "hedgeMaxSize",
    "includeOvernight",
    "manualOrderIndicator",
    "postOnly",
    "ptOrderId",
    "ptOrderType",
    "slOrderId",
    "slOrderType",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [python, script] = arguments.as_slice() else { panic!("usage: text_era_samples PYTHON SCRIPT") };
    let folder = std::env::temp_dir().join(format!("tradeport-samples-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let items = work::items();
    let heard = send(&folder, &items, python, script);
    std::fs::remove_dir_all(&folder).unwrap();
    let mut failed = 0;
    if heard.len() != items.len() {
        println!("FAIL {} messages were heard of {}", heard.len(), items.len());
        failed += 1;
    }
    let mut kinds: std::collections::BTreeMap<&str, [usize; 2]> = std::collections::BTreeMap::new();
    for (item, request) in items.iter().zip(&heard) {
        let counts = kinds.entry(item.kind()).or_default();
        counts[1] += 1;
        match item.compare(request) {
            Ok(()) => counts[0] += 1,
            Err(reason) => {
                failed += 1;
                println!("FAIL {}: {reason}", item.name);
            }
        }
    }
    for (kind, [matched, given]) in kinds {
        println!("ok   {kind}: {matched} of {given} decode to our value, none skipped");
    }
    let without = items.iter().filter(|item| item.is_shortened).count();
    println!(
        "ok   {without} of them without fields that this client has no name for: {}",
        UNSPOKEN.join(", ")
    );
    println!("{} checks, {failed} failed", items.len());
    if failed > 0 {
        std::process::exit(1);
    }
}

/// Has everything sent to a server that records it; the requests of the session that are ours, in order.
fn send(folder: &Path, items: &[work::Item], python: &str, script: &str) -> Vec<Request> {
    let (list, recording) = (folder.join("work.json"), folder.join("session.wire"));
    std::fs::write(&list, work::document(items).to_string()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let recorder = Recorder::create(&recording).unwrap();
    let clock = Arc::new(VirtualClock::new(Timestamp::from_seconds(1_767_366_245)));
    let settings = ServerSettings { message_rate: None, ..ServerSettings::default() };
    let builder = FakeTws::builder().settings(settings).record(recorder.handle());
    let tws = runtime.block_on(builder.start(clock)).unwrap();
    let mut command = Command::new(python);
    command.arg("-B").arg(script).arg("127.0.0.1").arg(tws.address().port().to_string()).arg(&list);
    assert!(command.status().unwrap().success(), "the client failed");
    while runtime.block_on(tws.connections()).unwrap() > 0 {
        std::thread::yield_now();
    }
    drop((tws, runtime));
    recorder.finish().unwrap();
    let mut requests = Vec::new();
    let mut dialogue = Dialogue::default();
    for record in RecordingReader::new(std::fs::File::open(&recording).unwrap()).unwrap() {
        dialogue.take(record.unwrap(), &mut |line| match line.said {
            // What the client asks by itself.
            Said::Request(Request::StartApi(_) | Request::CurrentTime(_) | Request::Positions(_)) => {}
            Said::Request(request) => requests.push(request),
            Said::Unreadable(side, reason) => panic!("{side:?}: {reason}"),
            _ => {}
        });
    }
    requests
}
