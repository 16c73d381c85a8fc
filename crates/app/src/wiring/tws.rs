//! Interactive Brokers by TWS or IB Gateway: connected, and its account checked before anything else is done.

use super::BrokerPorts;
use super::clients::Seat;
use super::held_now;
use super::numbers::FileNumbers;
use crate::Session;
use crate::config::{Config, IbConfig};
use crate::fault::Fault;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::pacing::{PacingBudget, QueueSettings, RetrySettings};
use tradeport_connection::{Backoff, Held, Pacer};
use tradeport_ib::notices::NoticeTable;
use tradeport_ib::{ConnectError, IbBroker, IbSettings, Waits};
use tradeport_kernel::AccountId;

/// Accounts for trials begin with this letter; those with real money do not.
const PAPER: char = 'D';

/// What is known of a TWS besides its ports.
#[derive(Clone, Debug)]
pub(super) struct TwsWorld {
    account: AccountId,
}

impl TwsWorld {
    /// Connects under a number, and says for which account.
    pub(super) async fn open(session: &Session, seat: &Seat) -> anyhow::Result<(Self, BrokerPorts)> {
        let ib = &session.config().ib;
        let pacer = pacer(session)?;
        let broker = make(session, seat.id(), Waits::default().heartbeat, &pacer)?;
        connect(&broker, session).await?;
        let ports = ports(broker);
        let chosen = match ports.accounts.accounts().await {
            Ok(managed) => choose_account(ib, &managed),
            Err(error) => Err(error.into()),
        };
        match chosen {
            Ok(account) => Ok((Self { account }, ports)),
            Err(error) => {
                if let Err(error) = ports.link.disconnect().await {
                    tracing::debug!(%error, "the link was not ended in good order");
                }
                Err(error)
            }
        }
    }

    /// For whom orders are, when nobody says so.
    pub(super) fn into_account(self) -> AccountId {
        self.account
    }
}

/// The budget of everything that this process asks of one TWS.
pub(super) fn pacer(session: &Session) -> anyhow::Result<Pacer> {
    let limits = session.config().pacing.limits()?;
    let budget = PacingBudget::new(limits, QueueSettings::default(), RetrySettings::default());
    Ok(Pacer::new(budget, session.clock()))
}

/// The ports of a TWS to which nobody has connected yet: a supervisor will, and asks for signs of life itself.
pub(super) fn unconnected(session: &Session, seat: &Seat, pacer: &Pacer) -> anyhow::Result<BrokerPorts> {
    Ok(ports(make(session, seat.id(), None, pacer)?))
}

fn make(
    session: &Session,
    client_id: i32,
    heartbeat: Option<Duration>,
    pacer: &Pacer,
) -> anyhow::Result<IbBroker> {
    if let Err(error) = tradeport_ib::read_library_log() {
        tracing::warn!(%error, "rows that cannot be read");
    }
    let settings = settings(session.config(), client_id, heartbeat, pacer)?;
    let numbers = FileNumbers::of(session, client_id)?;
    Ok(IbBroker::reserving(settings, session.clock(), Arc::new(numbers))?)
}

/// Errors: nobody listens there, the client number stays taken, the version is too old.
async fn connect(broker: &IbBroker, session: &Session) -> anyhow::Result<()> {
    let (config, clock) = (session.config(), session.clock());
    let until = clock.now().after(Duration::from_secs(config.clients.taken_seconds));
    let mut backoff = Backoff::new(config.link.settings()?.backoff, u64::from(std::process::id()));
    loop {
        match broker.open().await {
            Ok(_) => return Ok(()),
            // Mostly a dead connection of ours that TWS still believes in. Another number would have none of our orders.
            Err(ConnectError::ClientIdInUse { client_id, .. }) if clock.now() < until => {
                tracing::info!(client_id, "the client id is taken: waiting for the end of who has it");
                clock.sleep_until(clock.now().after(backoff.failed()).min(until)).await;
            }
            Err(error) => return Err(not_connected(&error, held_now(session)).of_reaching().into()),
        }
    }
}

fn ports(broker: IbBroker) -> BrokerPorts {
    BrokerPorts {
        link: Arc::new(broker.clone()),
        quotes: Arc::new(broker.clone()),
        ticks: Arc::new(broker.clone()),
        options: Arc::new(broker.clone()),
        history: Arc::new(broker.clone()),
        accounts: Arc::new(broker.clone()),
        gains: Arc::new(broker.clone()),
        catalog: Arc::new(broker.clone()),
        gateway: Arc::new(broker),
    }
}

fn settings(
    config: &Config,
    client_id: i32,
    heartbeat: Option<Duration>,
    pacer: &Pacer,
) -> anyhow::Result<IbSettings> {
    let ib = &config.ib;
    let seconds = Duration::from_secs;
    let waits = Waits {
        connect: seconds(ib.connect_seconds),
        answer: seconds(ib.answer_seconds),
        history: seconds(ib.history_seconds),
        order: seconds(ib.order_seconds),
        heartbeat,
        ..Waits::default()
    };
    let mut settings =
        IbSettings::new(&ib.host, ib.port, client_id)?.with_waits(waits).paced_by(pacer.clone());
    if let Some(account) = &ib.account {
        settings = settings.with_account(account.reveal().clone());
    }
    match &ib.notices_file {
        Some(path) => Ok(settings.with_notices(notices(path)?)),
        None => Ok(settings),
    }
}

/// The bundled meanings of the codes of TWS, with the user's over them.
fn notices(path: &Path) -> anyhow::Result<NoticeTable> {
    let wrong = |cause: anyhow::Error| {
        let message = format!("the meanings of ib.notices_file, {}, cannot be read", path.display());
        Fault::usage(message, "correct that file, or leave the key out").because(cause)
    };
    let bytes = std::fs::read(path).map_err(|error| wrong(error.into()))?;
    Ok(NoticeTable::default().extended_by(&bytes).map_err(|error| wrong(error.into()))?)
}

/// Can the user's meanings of codes be read, where there are some?
pub(crate) fn check_notices(ib: &IbConfig) -> anyhow::Result<()> {
    ib.notices_file.as_deref().map_or(Ok(()), |path| notices(path).map(drop))
}

/// What went wrong, and what to check: the error says both. Nobody has to look for what is wrong with a TWS that is away when it
/// was expected to be.
fn not_connected(error: &ConnectError, held: Option<Held>) -> Fault {
    let text = error.to_string();
    if let Some(held @ Held::Outage { until, .. }) = held.filter(|_| is_away(error)) {
        let advice = format!("the same again after {until}");
        return Fault::failed(format!("TWS is away, {held}"), advice).because(anyhow::anyhow!("{text}"));
    }
    let (message, advice) = text.split_once(": ").unwrap_or((&text, "look at TWS"));
    let fault = Fault::failed(message, advice);
    match std::error::Error::source(error) {
        Some(source) => fault.because(anyhow::anyhow!("{source}")),
        None => fault,
    }
}

/// A TWS that restarts takes no connection, or says nothing on it, or ends it.
const fn is_away(error: &ConnectError) -> bool {
    use ConnectError as E;
    matches!(error, E::NobodyListens { .. } | E::Unreachable { .. } | E::Silent { .. } | E::Rejected { .. })
}

/// The account that was named, or the only one. Errors: it is not managed there, there are several, or there is real
/// money in it and nobody said that this is meant.
pub(super) fn choose_account(ib: &IbConfig, managed: &[AccountId]) -> anyhow::Result<AccountId> {
    let names = || managed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let place = format!("{}:{}", ib.host, ib.port);
    let account = match (&ib.account, managed) {
        (Some(wanted), _) if managed.contains(wanted.reveal()) => wanted.reveal().clone(),
        (Some(wanted), _) => {
            let message = format!("account {} is not managed by the TWS at {place}", wanted.reveal());
            let advice = format!("set IB_ACCOUNT to one of {}, or log in to another TWS", names());
            return Err(Fault::failed(message, advice).into());
        }
        (None, [only]) => only.clone(),
        (None, []) => {
            let message = format!("the TWS at {place} manages no account");
            return Err(Fault::failed(message, "log in to it, then the same command again").into());
        }
        (None, _) => {
            let message = format!("the TWS at {place} manages several accounts");
            return Err(Fault::usage(message, format!("set IB_ACCOUNT to one of {}", names())).into());
        }
    };
    if !account.as_str().starts_with(PAPER) && !ib.allow_live {
        let message = format!("account {account} holds real money, and live trading was not allowed");
        let advice = "log in to a paper account, or say --allow-live if real money is meant";
        return Err(Fault::usage(message, advice).into());
    }
    Ok(account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Redacted;
    use crate::fault::Report;

    fn chosen(wanted: Option<&str>, allow_live: bool, managed: &[&str]) -> anyhow::Result<AccountId> {
        let account = |name: &str| AccountId::new(name).unwrap();
        let ib = IbConfig {
            account: wanted.map(|it| Redacted::new(account(it))),
            allow_live,
            ..IbConfig::default()
        };
        choose_account(&ib, &managed.iter().map(|it| account(it)).collect::<Vec<_>>())
    }

    #[test]
    fn the_account_is_the_named_one_or_the_only_one() {
        assert_eq!(chosen(None, false, &["DU1"]).unwrap().as_str(), "DU1");
        assert_eq!(chosen(Some("DU2"), false, &["DU1", "DU2"]).unwrap().as_str(), "DU2");
        let several = Report::of(&chosen(None, false, &["DU1", "DU2"]).unwrap_err());
        assert!(several.advice.contains("DU1, DU2"), "{}", several.advice);
        let other = Report::of(&chosen(Some("DU3"), false, &["DU1"]).unwrap_err());
        assert!(other.message.contains("DU3") && other.advice.contains("DU1"));
        assert!(chosen(None, false, &[]).is_err());
    }

    #[test]
    fn of_a_tws_that_is_expected_to_be_away_it_is_told_until_when() {
        use tradeport_connection::calendar::OutageKind;
        let until = "2026-01-07T19:56:00Z".parse().unwrap();
        let held = Held::Outage { kind: OutageKind::DailyRestart, until };
        let refused =
            ConnectError::NobodyListens { address: "127.0.0.1:7497".into(), source: "refused".into() };
        let told = Report::of(&not_connected(&refused, Some(held.clone())).into());
        assert_eq!(told.message, "TWS is away, daily restart until 2026-01-07T19:56:00Z");
        assert_eq!(told.advice, "the same again after 2026-01-07T19:56:00Z");
        assert!(told.causes[0].starts_with("nobody listens at 127.0.0.1:7497"), "{told:?}");
        let told = Report::of(&not_connected(&refused, None).into());
        assert_eq!(told.message, "nobody listens at 127.0.0.1:7497");
        let unknown = ConnectError::UnknownHost { host: "tws".into(), source: "no such name".into() };
        let told = Report::of(&not_connected(&unknown, Some(held)).into());
        assert!(told.message.contains("has no address"), "a restart explains no wrong name: {told:?}");
    }

    #[test]
    fn real_money_has_to_be_meant() {
        let refused = Report::of(&chosen(None, false, &["U1234567"]).unwrap_err());
        assert!(refused.message.contains("real money") && refused.advice.contains("--allow-live"));
        assert_eq!(chosen(None, true, &["U1234567"]).unwrap().as_str(), "U1234567");
    }
}
