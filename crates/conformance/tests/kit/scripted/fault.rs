//! What a gateway can get wrong: one fault for each promise.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Honest.
    None,
    /// Takes an order, and lets go of it without a word.
    ForgetsOrders,
    /// Refuses an order, and takes it all the same.
    TakesWhatItRefuses,
    /// Takes a key as often as it comes.
    SendsTwice,
    /// Knows every instrument.
    TakesUnknownInstruments,
    /// Says that an order was not sent, and sends it when the link is back.
    SendsLater,
    /// Lets an order that is to be held back trade when it comes.
    TradesTheHeldBack,
    /// Lets go of what it holds back when the link is lost: it trades.
    ReleasesOnALostLink,
    /// Places an order of which it was only asked what it would cost.
    PlacesWhatItPreviews,
    /// Has a price for what it would refuse.
    PreviewsWhatItRefuses,
    /// Takes a key that was previewed for one that was used.
    RemembersPreviewedKeys,
    /// Answers without having asked.
    PreviewsWithoutALink,
    /// Refuses a change, and makes it.
    ChangesWhatItRefuses,
    /// Accepts a change, and does not make it.
    IgnoresChanges,
    /// Accepts another time in force, and does not make it.
    IgnoresChangesOfTime,
    /// Changes an order by telling all of it as it was ordered.
    GrowsWhatItsGroupHasShrunk,
    /// Says that an order is cancelled, and lets it live.
    CancelsInWordsAlone,
    /// Answers `NoSuchOrder` for a live order of an earlier epoch.
    DeniesLiveOrders,
    /// Cancels what is dead.
    CancelsTheDead,
    /// Asked to cancel everything, cancels what was placed since the link was made.
    CancelsThoseOfTheEpochAlone,
    /// Takes it for an error to be asked to cancel everything when nothing is open.
    RefusesToCancelNothing,
    /// Cancels everything over a link that is lost.
    CancelsEverythingWithoutALink,
    /// Keeps every second fill to itself.
    DropsEverySecondFill,
    /// Reports a fill after the one that follows it.
    HoldsFillsBack,
    /// Reports a commission before its execution.
    ChargesFirst,
    /// Reports a fill twice.
    ReportsFillsTwice,
    /// Takes an interrupted answer for a whole one.
    PassesPartsForWholes,
    /// Does not know after a reconnect which orders are ours.
    ForgetsKeys,
    /// Does not know after a reconnect which orders belong together.
    ForgetsFamilies,
    /// Leaves out what it cannot read, and says nothing.
    PassesOverWhatItCannotRead,
    /// Does not know how much of an ended order had traded.
    ForgetsHowItEnded,
    /// Answers with an execution twice.
    RepeatsExecutions,
    /// Loses an execution across a reconnect.
    LosesAnExecutionAcrossAReconnect,
    /// Answers with older executions than were asked for.
    IgnoresSince,
}
