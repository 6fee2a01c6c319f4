-- finds: \\x1b\[2J\\x1b\[H\n\\::stop-commands::all-held\n\\##\[error\]All held
-- Fails with words that speak to the terminal, and to the service that reads the log.
DO $$ BEGIN
    RAISE EXCEPTION E'\033[2J\033[H\n::stop-commands::all-held\n##[error]All held';
END $$;
