//! The rules as the broker counts them, over a list of everything that arrived there. Naive on purpose: it looks at every
//! pair, knows nothing of the budget's own numbers and shares no code with it.

use tradeport_connection::pacing::{Class, Counts, HistoryPace, RequestKey};

/// A message as it arrived.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// In milliseconds.
    pub(crate) at: i64,
    /// When what it opened was closed at the broker; never while that is [`i64::MAX`].
    pub(crate) closed: i64,
    pub(crate) connection: usize,
    pub(crate) class: Class,
}

/// So many in so many milliseconds.
pub(crate) type Rate = (u32, i64);

/// What the broker allows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowed {
    pub(crate) messages: Rate,
    pub(crate) history_total: Rate,
    pub(crate) history_series: Rate,
    pub(crate) history_identical: Rate,
    pub(crate) history_open: u32,
    pub(crate) real_time_bars: Rate,
    pub(crate) lines: u32,
    pub(crate) depth: u32,
    pub(crate) tick_by_tick: u32,
    pub(crate) tick_by_tick_again: Rate,
    pub(crate) previews: Rate,
    pub(crate) regulatory: Rate,
    pub(crate) scanners: u32,
    pub(crate) summaries: u32,
    pub(crate) per_side: u32,
}

impl Allowed {
    /// What Interactive Brokers publishes for 100 lines, but 45 messages where it says 50.
    pub(crate) const STANDARD: Self = Self {
        messages: (45, 1_000),
        history_total: (60, 600_000),
        history_series: (5, 2_000),
        history_identical: (1, 15_000),
        history_open: 50,
        real_time_bars: (60, 600_000),
        lines: 100,
        depth: 3,
        tick_by_tick: 5,
        tick_by_tick_again: (1, 15_000),
        previews: (1, 60_000),
        regulatory: (1, 1_000),
        scanners: 10,
        summaries: 2,
        per_side: 20,
    };

    /// So little of everything that requests get in each other's way all the time.
    pub(crate) const TIGHT: Self = Self {
        messages: (4, 1_000),
        history_total: (6, 20_000),
        history_series: (2, 2_000),
        history_identical: (1, 5_000),
        history_open: 3,
        real_time_bars: (2, 8_000),
        lines: 3,
        depth: 1,
        tick_by_tick: 2,
        tick_by_tick_again: (1, 6_000),
        previews: (1, 4_000),
        regulatory: (1, 1_500),
        scanners: 1,
        summaries: 1,
        per_side: 2,
    };

    /// The first rule that a list of arrivals breaks.
    pub(crate) fn broken_by(&self, all: &[Arrival]) -> Option<String> {
        all.iter().enumerate().find_map(|(place, arrival)| self.broken_at(all, place, arrival))
    }

    /// Is a rule broken by the last that arrived?
    pub(crate) fn breaks_last(&self, all: &[Arrival]) -> bool {
        all.last().is_some_and(|last| self.broken_at(all, all.len() - 1, last).is_some())
    }

    fn broken_at(&self, all: &[Arrival], place: usize, new: &Arrival) -> Option<String> {
        let seen = Seen { all, place, new };
        self.broken_rate(&seen).or_else(|| self.broken_count(&seen))
    }

    /// How many may go in a time.
    fn broken_rate(&self, seen: &Seen<'_>) -> Option<String> {
        let new = seen.new;
        let any = |_: &Arrival| true;
        let bars = |class: &Class| u32::from(matches!(class, Class::RealTimeBars { .. }));
        let ticks = |class: &Class| u32::from(instrument(class).is_some());
        let previews = |class: &Class| u32::from(matches!(class, Class::Preview));
        let regulatory = |class: &Class| u32::from(matches!(class, Class::RegulatorySnapshot));
        let of_series = |one: &Arrival| series(&one.class) == series(&new.class);
        let identical = |one: &Arrival| whole(&one.class) == whole(&new.class);
        let of_instrument = |one: &Arrival| instrument(&one.class) == instrument(&new.class);
        seen.rate("messages", self.messages, |_| 1, |one| one.connection == new.connection)
            .or_else(|| seen.rate("total", self.history_total, weight, any))
            .or_else(|| seen.rate("series", self.history_series, weight, of_series))
            .or_else(|| seen.rate("identical", self.history_identical, once, identical))
            .or_else(|| seen.rate("bars", self.real_time_bars, bars, any))
            .or_else(|| seen.rate("tick by tick again", self.tick_by_tick_again, ticks, of_instrument))
            .or_else(|| seen.rate("previews", self.previews, previews, any))
            .or_else(|| seen.rate("regulatory", self.regulatory, regulatory, any))
    }

    /// How many may be open at once.
    fn broken_count(&self, seen: &Seen<'_>) -> Option<String> {
        let line = |class: &Class| {
            matches!(class, Class::MarketData | Class::RegulatorySnapshot | Class::RealTimeBars { .. })
        };
        seen.open("history", self.history_open, |class| matches!(class, Class::History { .. }))
            .or_else(|| seen.open("lines", self.lines, line))
            .or_else(|| seen.open("books", self.depth, |class| matches!(class, Class::Depth)))
            .or_else(|| seen.open("tick by tick", self.tick_by_tick, |class| instrument(class).is_some()))
            .or_else(|| seen.open("scanners", self.scanners, |class| matches!(class, Class::Scanner)))
            .or_else(|| seen.open("summaries", self.summaries, |it| matches!(it, Class::AccountSummary)))
            .or_else(|| {
                let key = side(&seen.new.class)?;
                seen.open("side", self.per_side, |class| side(class) == Some(key))
            })
    }
}

/// What had arrived when one more did.
struct Seen<'a> {
    all: &'a [Arrival],
    place: usize,
    new: &'a Arrival,
}

impl Seen<'_> {
    /// Those that came before or with it: what is later cannot have broken anything yet.
    fn known(&self) -> impl Iterator<Item = &Arrival> {
        let last = (self.new.at, self.place);
        self.all.iter().enumerate().filter(move |(place, one)| (one.at, *place) <= last).map(|it| it.1)
    }

    fn rate(
        &self,
        name: &str,
        (most, span): Rate,
        counts: impl Fn(&Class) -> u32,
        same: impl Fn(&Arrival) -> bool,
    ) -> Option<String> {
        let new = self.new;
        if counts(&new.class) == 0 {
            return None;
        }
        let within = self.known().filter(|one| one.at > new.at - span && same(one));
        let sum: u32 = within.map(|one| counts(&one.class)).sum();
        (sum > most).then(|| format!("{name}: {sum} of {most} within {span} ms at {} ms", new.at))
    }

    fn open(&self, name: &str, most: u32, counts: impl Fn(&Class) -> bool) -> Option<String> {
        let new = self.new;
        if !counts(&new.class) {
            return None;
        }
        let count = self.known().filter(|one| one.closed > new.at && counts(&one.class)).count();
        (count > most as usize).then(|| format!("{name}: {count} of {most} are open at {} ms", new.at))
    }
}

/// Small bars are counted, those for bid and ask twice, and real-time bars.
fn weight(class: &Class) -> u32 {
    match class {
        Class::History { pace: HistoryPace::Small, counts: Counts::Twice, .. } => 2,
        Class::History { pace: HistoryPace::Small, counts: Counts::Once, .. }
        | Class::RealTimeBars { .. } => 1,
        _ => 0,
    }
}

fn once(class: &Class) -> u32 {
    u32::from(whole(class).is_some())
}

fn series(class: &Class) -> Option<RequestKey> {
    match class {
        Class::History { pace: HistoryPace::Small, series, .. } | Class::RealTimeBars { series } => {
            Some(*series)
        }
        _ => None,
    }
}

fn whole(class: &Class) -> Option<RequestKey> {
    match class {
        Class::History { pace: HistoryPace::Small, whole, .. } => Some(*whole),
        _ => None,
    }
}

fn instrument(class: &Class) -> Option<RequestKey> {
    match class {
        Class::TickByTick { instrument } => Some(*instrument),
        _ => None,
    }
}

fn side(class: &Class) -> Option<RequestKey> {
    match class {
        Class::PlaceOrder { side, .. } => Some(*side),
        _ => None,
    }
}

fn history(at: i64, series: u64, whole: u64, counts: Counts) -> Arrival {
    let class = Class::History {
        pace: HistoryPace::Small,
        series: RequestKey::new(series),
        whole: RequestKey::new(whole),
        counts,
    };
    Arrival { at, closed: at + 1, connection: 0, class }
}

#[test]
fn the_checker_itself_finds_what_is_wrong() {
    let says = |all: &[Arrival]| {
        Allowed::STANDARD.broken_by(all).map(|said| said.split(':').next().unwrap().to_owned())
    };
    let message = |at, connection| Arrival { at, closed: i64::MAX, connection, class: Class::Message };
    let messages = |gap: i64, many: i64| (0..many).map(|n| message(n * gap, 0)).collect::<Vec<_>>();
    assert_eq!(says(&messages(0, 45)), None);
    assert_eq!(says(&messages(0, 46)), Some("messages".to_owned()));
    assert_eq!(says(&messages(23, 500)), None);
    assert_eq!(says(&messages(22, 500)), Some("messages".to_owned()));
    let both: Vec<Arrival> = (0..90).map(|n| message(0, n % 2)).collect();
    assert_eq!(says(&both), None, "each connection has its own");
    assert_eq!(
        says(&[history(0, 1, 1, Counts::Once), history(14_999, 1, 1, Counts::Once)]),
        Some("identical".to_owned())
    );
    assert_eq!(says(&[history(0, 1, 1, Counts::Once), history(15_000, 1, 1, Counts::Once)]), None);
    let burst = |counts, many| (0..many).map(|n| history(0, 1, n, counts)).collect::<Vec<_>>();
    assert_eq!(says(&burst(Counts::Once, 5)), None);
    assert_eq!(says(&burst(Counts::Once, 6)), Some("series".to_owned()));
    assert_eq!(says(&burst(Counts::Twice, 3)), Some("series".to_owned()));
    let long = |many: i64| {
        (0..many).map(|n| history(n * 500, 1, n.unsigned_abs(), Counts::Once)).collect::<Vec<_>>()
    };
    assert_eq!(says(&long(60)), None);
    assert_eq!(says(&long(61)), Some("total".to_owned()));
    let lines = |closed| {
        let line = |at| Arrival { at, closed, connection: 0, class: Class::MarketData };
        (0..101).map(|n| line(n * 100)).collect::<Vec<_>>()
    };
    assert_eq!(says(&lines(i64::MAX)), Some("lines".to_owned()));
    assert_eq!(says(&lines(10_000)), None);
}
