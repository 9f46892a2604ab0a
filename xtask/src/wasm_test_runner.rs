//! Runner of wasm-bindgen-test in the version of the lock file, so that no separate tool has to be installed.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
