pub(crate) fn test(_all: bool) -> crate::shell::Result<()> {
    Ok(())
}
