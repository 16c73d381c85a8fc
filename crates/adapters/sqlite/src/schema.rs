//! The tables as diesel sees them; `migrations/` makes them, and says what each is for.

diesel::table! {
    symbols (id) { id -> BigInt, name -> Text, }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::decimal::Any;
    ticks (symbol, sequence) {
        symbol -> BigInt,
        sequence -> BigInt,
        at -> BigInt,
        scales -> BigInt,
        bid -> Nullable<Any>,
        bid_size -> Nullable<Any>,
        ask -> Nullable<Any>,
        ask_size -> Nullable<Any>,
    }
}

diesel::table! {
    tick_blocks (first_sequence) {
        first_sequence -> BigInt,
        last_sequence -> BigInt,
        first_at -> BigInt,
        last_at -> BigInt,
        recorded_at -> BigInt,
    }
}

diesel::table! {
    tick_gaps (id) { id -> BigInt, symbol -> BigInt, start_at -> BigInt, end_at -> BigInt, cause -> Text, }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::decimal::Any;
    bars (symbol, seconds, start) {
        symbol -> BigInt,
        seconds -> BigInt,
        start -> BigInt,
        scales -> BigInt,
        open -> Any,
        high -> Any,
        low -> Any,
        close -> Any,
        volume -> Nullable<Any>,
    }
}

diesel::table! {
    journal (sequence) { sequence -> BigInt, at -> BigInt, key -> Text, event -> Text, payload -> Text, }
}

diesel::table! {
    journal_checkpoint (one) { one -> BigInt, sequence -> BigInt, document -> Text, }
}

diesel::table! {
    order_states (key) {
        key -> Text,
        sequence -> BigInt,
        account -> Text,
        symbol -> Text,
        order_type -> Text,
        action -> Text,
        quantity -> Nullable<Text>,
        limit_price -> Nullable<Text>,
        stop_price -> Nullable<Text>,
        status -> Text,
        filled_quantity -> Text,
        avg_fill_price -> Nullable<Text>,
        commission -> Nullable<Text>,
        created_at -> BigInt,
        updated_at -> BigInt,
        cash_quantity -> Nullable<Text>,
        cash_currency -> Nullable<Text>,
    }
}

diesel::table! {
    audit (sequence) {
        sequence -> BigInt,
        at -> BigInt,
        actor -> Text,
        action -> Text,
        subject -> Text,
        detail -> Text,
        hash -> Binary,
    }
}

diesel::table! {
    audit_head (one) { one -> BigInt, sequence -> BigInt, hash -> Binary, }
}

diesel::table! {
    snapshots (account, at) { account -> Text, at -> BigInt, payload -> Text, sum -> Nullable<BigInt>, }
}

diesel::table! {
    performance (account, at) {
        account -> Text,
        at -> BigInt,
        observations -> BigInt,
        total_return -> Nullable<Double>,
        sharpe_ratio -> Nullable<Double>,
        max_drawdown -> Nullable<Double>,
        volatility -> Nullable<Double>,
        omega_ratio -> Nullable<Double>,
        cvar -> Nullable<Double>,
        cvar_money -> Nullable<Double>,
        figures -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(symbols, ticks);
