pub(crate) fn check() -> crate::shell::Result<()> {
    Ok(())
}
