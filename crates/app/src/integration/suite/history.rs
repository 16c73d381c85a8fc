//! The past: bars of every length, in one answer and in many.

use super::super::scenario::Halt;
use super::super::stage::{Stage, share};
use std::time::Duration;
use tradeport_kernel::{Symbol, TimeRange, Timestamp};
use tradeport_market_data::{Bar, BarPage, BarRequest, BarSize, HistoryError};

const DAY: Duration = Duration::from_secs(86_400);
/// So many answers are the most that a scenario asks for.
const MOST_PAGES: usize = 40;

async fn symbol(stage: &Stage) -> Result<Symbol, Halt> {
    Ok(stage.broker().list(&share()).await?.symbol())
}

/// Brokers let the past be asked for only so fast: so long is waited, and so often it is tried again.
const PACE: Duration = Duration::from_millis(2_500);
const MOST_TRIES: usize = 8;
/// Lengths of every sort: seconds, minutes, hours, and those of the calendar. Few, since brokers count the questions.
const LENGTHS: [&str; 7] = ["1s", "30s", "5m", "1h", "1d", "1w", "1mo"];

/// One answer, for which a broker may let us wait.
async fn page(stage: &Stage, request: &BarRequest) -> Result<BarPage, Halt> {
    for _ in 0..MOST_TRIES {
        match stage.broker().history().bars(request).await {
            Err(HistoryError::Paced(_)) => stage.rest(PACE).await?,
            Err(HistoryError::Unsupported(what)) => return Err(Halt::Skip(format!("no history: {what}"))),
            answer => return Ok(answer?),
        }
    }
    Err(anyhow::anyhow!("the broker asks to wait, again and again").into())
}

/// Every bar of a range, and in how many answers they came.
async fn all(stage: &Stage, size: BarSize, range: TimeRange) -> Result<(Vec<Bar>, usize), Halt> {
    let symbol = symbol(stage).await?;
    let (mut bars, mut range) = (Vec::new(), range);
    for pages in 1..=MOST_PAGES {
        let answer = page(stage, &BarRequest { symbol, size, range }).await?;
        bars.extend(answer.bars);
        match answer.next {
            Some(next) if next > range.start() => range = TimeRange::new(next, range.end()),
            Some(_) => break,
            None => return Ok((bars, pages)),
        }
    }
    Err(anyhow::anyhow!("{} bars in {MOST_PAGES} answers, and more to come", bars.len()).into())
}

/// The laws of every answer: in order, each once, within the range.
fn lawful(stage: &mut Stage, bars: &[Bar], range: TimeRange) {
    let ordered = bars.is_sorted_by(|a, b| a.start() < b.start());
    stage.check("in order, each once", format!("{} bars", bars.len()), ordered);
    let within = bars.iter().filter(|it| range.start() <= it.start() && it.start() < range.end()).count();
    stage.check("each begins within the range", format!("{within} of {}", bars.len()), within == bars.len());
}

fn back(stage: &Stage, days: u32) -> Timestamp {
    stage.now().before(DAY * days)
}

pub(super) async fn minutes(stage: &mut Stage) -> Result<(), Halt> {
    // Over any weekend with its holidays there is a session.
    let range = TimeRange::new(back(stage, 5), stage.now());
    let (bars, _) = all(stage, "5m".parse()?, range).await?;
    lawful(stage, &bars, range);
    stage.check("more than an hour of them", format!("{} bars", bars.len()), bars.len() > 12);
    Ok(())
}

pub(super) async fn days(stage: &mut Stage) -> Result<(), Halt> {
    let range = TimeRange::new(back(stage, 30), stage.now());
    let (bars, _) = all(stage, BarSize::DAY, range).await?;
    lawful(stage, &bars, range);
    stage.check("15 to 31 days of trading in a month", bars.len(), (15..=31).contains(&bars.len()));
    Ok(())
}

pub(super) async fn sizes(stage: &mut Stage) -> Result<(), Halt> {
    let symbol = symbol(stage).await?;
    let mut served = Vec::new();
    let end = last_close(stage, symbol).await?;
    for text in LENGTHS {
        let size: BarSize = text.parse()?;
        // A few bars of each; the short ones of a time when the market was open within the last days.
        let length = size.length().max(Duration::from_secs(30));
        let range = TimeRange::new(end.before((length * 4).max(Duration::from_secs(120))), end);
        match page(stage, &BarRequest { symbol, size, range }).await {
            Ok(page) => {
                let sound = page.bars.iter().all(|bar| bar.size() == size);
                let held = sound && !page.bars.is_empty();
                stage.check(format!("bars of {size}"), format!("{} bars", page.bars.len()), held);
                served.push(size);
            }
            Err(Halt::Fail(error)) if is_unknown_size(&error) => {
                stage.check(format!("bars of {size}"), "not served", true);
            }
            Err(halt) => return Err(halt),
        }
    }
    let most = LENGTHS.len() - 1;
    stage.check("most lengths are served", served.len(), served.len() >= most);
    Ok(())
}

fn is_unknown_size(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(HistoryError::UnknownSize { .. }))
}

/// The end of the last hour that has trading in it.
async fn last_close(stage: &Stage, symbol: Symbol) -> Result<Timestamp, Halt> {
    let range = TimeRange::new(back(stage, 5), stage.now());
    let request = BarRequest { symbol, size: "1h".parse()?, range };
    let page = page(stage, &request).await?;
    let last = page.bars.last().ok_or_else(|| anyhow::anyhow!("no hour of the last days was traded"))?;
    Ok(last.start().after(Duration::from_secs(600)).min(stage.now()))
}

pub(super) async fn paged(stage: &mut Stage) -> Result<(), Halt> {
    let end = Timestamp::from_nanos(stage.now().nanos() / 60_000_000_000 * 60_000_000_000);
    let range = TimeRange::new(end.before(DAY * 2), end);
    let (bars, pages) = all(stage, BarSize::MINUTE, range).await?;
    lawful(stage, &bars, range);
    let middle = TimeRange::new(range.start(), range.start().after(DAY));
    let rest = TimeRange::new(middle.end(), range.end());
    let (first, _) = all(stage, BarSize::MINUTE, middle).await?;
    let (second, _) = all(stage, BarSize::MINUTE, rest).await?;
    let starts = |bars: &[Bar]| bars.iter().map(Bar::start).collect::<Vec<_>>();
    let halves = [starts(&first), starts(&second)].concat();
    let seen = format!("{} in {pages} answers, {} in halves", bars.len(), halves.len());
    stage.check("both halves give the same as the whole", seen, halves == starts(&bars));
    Ok(())
}

pub(super) async fn earliest(stage: &mut Stage) -> Result<(), Halt> {
    let symbol = symbol(stage).await?;
    for _ in 0..MOST_TRIES {
        match stage.broker().history().earliest(symbol, BarSize::DAY).await {
            Ok(first) => {
                let seen = first.map_or_else(|| "nothing".to_owned(), |first| first.to_string());
                stage.check("a moment before now", seen, first.is_some_and(|first| first < stage.now()));
                return Ok(());
            }
            Err(HistoryError::Paced(_)) => stage.rest(PACE).await?,
            Err(HistoryError::Unsupported(what)) => return Err(Halt::Skip(what.to_owned())),
            Err(error) => return Err(error.into()),
        }
    }
    Err(anyhow::anyhow!("the broker asks to wait, again and again").into())
}

pub(super) async fn nothing(stage: &mut Stage) -> Result<(), Halt> {
    // A moment before any market of today.
    let start: Timestamp = "1970-01-05T00:00:00Z".parse()?;
    let (bars, _) = all(stage, BarSize::DAY, TimeRange::new(start, start.after(DAY))).await?;
    stage.check("no bars, and no error", format!("{} bars", bars.len()), bars.is_empty());
    Ok(())
}

pub(super) async fn unknown(stage: &mut Stage) -> Result<(), Halt> {
    let range = TimeRange::new(back(stage, 2), stage.now());
    let request = BarRequest { symbol: Symbol::new("ZZQXQ")?, size: BarSize::DAY, range };
    let answer = stage.broker().history().bars(&request).await;
    let held = matches!(answer, Err(HistoryError::UnknownSymbol(_)));
    let seen = answer.map_or_else(|error| error.to_string(), |page| format!("{} bars", page.bars.len()));
    stage.check("it is not known", seen, held);
    Ok(())
}
