//! The start of a connection, its numbers and accounts, and the time.

use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::family::orders;
use crate::server::session::{Hold, Phase, Session, asks_for_pace};
use crate::wire::proto::{
    CurrentTime, CurrentTimeInMillis, ManagedAccounts, NextValidId, SetServerLogLevelRequest, StartApiRequest,
};

/// The farms that a session is connected to, as TWS tells them once a client has started.
const FARMS: [(Code, &str); 3] = [
    (Code::FarmConnected, "Market data farm connection is OK:usfarm"),
    (Code::HistoryFarmConnected, "HMDS data farm connection is OK:ushmds"),
    (Code::DefinitionsConnected, "Sec-def data farm connection is OK:secdefil"),
];

/// A notice that can be said at any time: the farm for contract data is still connected.
pub(crate) fn filler() -> ApiError {
    let [.., (code, text)] = FARMS;
    ApiError::notice(code, text)
}

/// What is kept for all connections: the next order id of everyone.
#[derive(Debug)]
pub(crate) struct SharedConnection {
    pub(crate) next_order_id: i32,
}

impl Default for SharedConnection {
    fn default() -> Self {
        Self { next_order_id: 1 }
    }
}

/// A client says who it is: what it has open, its accounts and its next order id follow, then the farms.
pub(crate) fn start(context: &mut Context<'_>, request: &StartApiRequest) {
    let client_id = request.client_id.unwrap_or_default();
    let taken =
        context.sessions.values().any(|other| other.id != context.id && other.client_id() == Some(client_id));
    if taken && waits(context, request) {
        return;
    }
    if taken {
        let text = "Unable to connect as the client id is already in use. Retry with a unique client id.";
        context.refuse(ApiError::notice(Code::ClientIdInUse, text));
        return context.outbox.close(context.id, format!("client id {client_id} is in use"));
    }
    let clients = context.sessions.values().filter(|other| ready(other)).count();
    if clients >= context.settings.max_clients {
        let text = format!("Error validating request: {clients} API clients are connected already");
        context.refuse(ApiError::notice(Code::BadRequest, text));
        return context.outbox.close(context.id, format!("{clients} clients are connected already"));
    }
    let Some(session) = context.sessions.get_mut(&context.id) else { return };
    let Some(codec) = session.codec() else { return };
    if session.client_id().is_some() {
        return context
            .refuse(ApiError::notice(Code::BadRequest, "Error validating request: started already"));
    }
    session.phase = Phase::Ready { codec, client_id };
    session.hold = None;
    session.is_paced |= asks_for_pace(request.optional_capabilities.as_deref().unwrap_or_default());
    // Who comes back is told at once what it has open.
    if context.shared.orders.all_live().any(|held| held.client_id == client_id && held.order_id != 0) {
        orders::open(context);
    }
    accounts(context);
    ids(context);
    for (code, text) in FARMS {
        context.refuse(ApiError::notice(code, text));
    }
}

/// Lets a client whose id is taken wait a little, as its old connection may be about to end. Tells whether it waits.
fn waits(context: &mut Context<'_>, request: &StartApiRequest) -> bool {
    let (now, wait) = (context.world.now(), context.settings.client_id_wait);
    let Some(session) = context.sessions.get_mut(&context.id) else { return false };
    if session.client_id().is_some() {
        return false;
    }
    let until = session.hold.as_ref().map_or_else(|| now.after(wait), Hold::until);
    session.hold = (until > now).then(|| Hold::Start(request.clone(), until));
    session.hold.is_some()
}

/// The accounts, one after the other with a comma behind each but the last.
pub(crate) fn accounts(context: &mut Context<'_>) {
    let names: Vec<&str> = context.world.accounts().iter().map(|account| account.as_str()).collect();
    let accounts_list = Some(names.join(","));
    context.say(ManagedAccounts { accounts_list });
}

/// The next order id.
pub(crate) fn ids(context: &mut Context<'_>) {
    let order_id = Some(context.shared.connection.next_order_id);
    context.say(NextValidId { order_id });
}

/// The time in seconds.
pub(crate) fn time(context: &mut Context<'_>) {
    let current_time = Some(context.world.now().nanos().div_euclid(1_000_000_000));
    context.say(CurrentTime { current_time });
}

/// The time in milliseconds.
pub(crate) fn time_in_millis(context: &mut Context<'_>) {
    let current_time_in_millis = Some(context.world.now().nanos().div_euclid(1_000_000));
    context.say(CurrentTimeInMillis { current_time_in_millis });
}

/// How much TWS writes into its own log: taken note of, and nothing else, as there.
pub(crate) fn log_level(context: &mut Context<'_>, request: &SetServerLogLevelRequest) {
    tracing::debug!(level = request.log_level, session = context.id.0, "a client sets the log level");
}

/// The connections that are to hear of something that everyone hears.
pub(crate) fn ready(session: &Session) -> bool {
    matches!(session.phase, Phase::Ready { .. })
}
