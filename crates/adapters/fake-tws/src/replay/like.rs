//! When two requests are alike.

use crate::wire::Request;

/// What a request asks, as bytes: alike when they are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Likeness {
    /// Without the numbers that clients choose.
    pub(super) exact: Vec<u8>,
    /// Without what is another in every run, too.
    pub(super) loose: Vec<u8>,
}

impl Likeness {
    pub(super) fn of(request: &Request) -> Self {
        let mut request = request.clone();
        request.visit_numbers(&mut |_, number| *number = 0);
        let exact = bytes(&request);
        forget_moments(&mut request);
        Self { exact, loose: bytes(&request) }
    }

    /// Of a frame that is no message: only the same bytes are alike.
    pub(super) fn of_frame(frame: &[u8]) -> Self {
        Self { exact: frame.to_vec(), loose: frame.to_vec() }
    }
}

fn bytes(request: &Request) -> Vec<u8> {
    let mut out = request.id().to_be_bytes().to_vec();
    request.put_protobuf(&mut out);
    out
}

/// Moments that are "now" in most programs, and references that are made anew in each run.
fn forget_moments(request: &mut Request) {
    match request {
        // Anybody may play a part.
        Request::StartApi(it) => (it.client_id, it.optional_capabilities) = (None, None),
        Request::HistoricalData(it) => it.end_date_time = None,
        Request::HistoricalTicks(it) => (it.start_date_time, it.end_date_time) = (None, None),
        Request::HistoricalNews(it) => (it.start_date_time, it.end_date_time) = (None, None),
        Request::WshEventData(it) => (it.start_date, it.end_date) = (None, None),
        Request::Execution(it) => {
            if let Some(filter) = &mut it.execution_filter {
                filter.time = None;
            }
        }
        Request::PlaceOrder(it) => {
            if let Some(order) = &mut it.order {
                (order.order_ref, order.oca_group, order.manual_order_time) = (None, None, None);
                (order.good_after_time, order.good_till_date) = (None, None);
                (order.active_start_time, order.active_stop_time) = (None, None);
            }
        }
        Request::CancelOrder(it) => it.order_cancel = None,
        Request::GlobalCancel(it) => it.order_cancel = None,
        Request::ExerciseOptions(it) => it.manual_order_time = None,
        _ => {}
    }
}
