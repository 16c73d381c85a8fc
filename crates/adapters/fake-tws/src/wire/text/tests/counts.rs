//! Every message has as many fields as official clients write and read, in every version.

use super::table::{ANSWERS, REQUESTS};
use crate::wire::text::{TextError, Writer};
use crate::wire::version::{LAST_TEXT, OLDEST};
use crate::wire::{Answer, Request};

fn fields(
    version: i32,
    lay: impl FnOnce(&mut Writer<'_>) -> Result<(), TextError>,
) -> Result<usize, TextError> {
    let mut out = Vec::new();
    lay(&mut Writer::new(&mut out, version))?;
    Ok(out.iter().filter(|byte| **byte == 0).count())
}

fn expected(steps: &[(i32, usize)], version: i32) -> Option<usize> {
    steps.iter().rev().find(|(since, _)| *since <= version).map(|(_, count)| *count)
}

#[test]
fn requests_have_as_many_fields_as_clients_write() {
    for (id, steps) in REQUESTS {
        for version in OLDEST..=LAST_TEXT {
            let mut request = Request::empty(*id).expect("a known number");
            let Some(count) = expected(steps, version) else { continue };
            let written = fields(version, |cursor| request.lay(cursor));
            assert_eq!(written, Ok(count), "{} at {version}", request.name());
        }
    }
}

#[test]
fn answers_have_as_many_fields_as_clients_read() {
    // Its period came behind the bars only from 196 on, and nobody reads it as a message before.
    const PERIOD_OF_BARS: i32 = 108;
    // An order without a delta-neutral one says `None`, and after this text the fields of one follow.
    const OF_NO_KIND: [(i32, usize); 2] = [(5, 8), (101, 4)];
    for (id, steps) in ANSWERS {
        for version in OLDEST..=LAST_TEXT {
            if *id == PERIOD_OF_BARS && version < 196 {
                continue;
            }
            let mut answer = Answer::empty(*id).expect("a known number");
            let more = OF_NO_KIND.iter().find(|(of, _)| of == id).map_or(0, |(_, more)| *more);
            let count = expected(steps, version).expect("a count for every version") + more;
            let written = fields(version, |cursor| answer.lay(cursor));
            assert_eq!(written, Ok(count), "{} at {version}", answer.name());
        }
    }
}

#[test]
fn only_what_came_with_protobuf_has_no_text() {
    let silent = |ids: &[(i32, &'static str)], lay: &dyn Fn(i32) -> bool| -> Vec<_> {
        ids.iter().filter(|(id, _)| !lay(*id)).map(|(_, name)| *name).collect()
    };
    let requests = silent(Request::ALL, &|id| {
        Request::empty(id).is_some_and(|mut it| fields(LAST_TEXT, |cursor| it.lay(cursor)).is_ok())
    });
    assert_eq!(requests, ["cancelContractData", "cancelHistoricalTicks", "reqConfig", "updateConfig"]);
    let answers = silent(Answer::ALL, &|id| {
        Answer::empty(id).is_some_and(|mut it| fields(LAST_TEXT, |cursor| it.lay(cursor)).is_ok())
    });
    assert_eq!(answers, ["CONFIG_RESPONSE", "UPDATE_CONFIG_RESPONSE"]);
}
