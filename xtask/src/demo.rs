pub(crate) fn demo() -> crate::shell::Result<()> {
    Ok(())
}
