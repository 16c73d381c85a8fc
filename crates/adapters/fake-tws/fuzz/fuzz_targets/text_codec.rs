#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| tradeport_fake_tws_fuzz::laws::text_codec(data));
