package dev.snoozy.text.chat;

/** How far a part of a call was read. */
enum Progress {
    /** More text is needed. */
    WAIT,
    /** It is no call. */
    BROKEN,
    /** Another place was reached; reading goes on. */
    GO_ON,
    /** The name was read; the arguments follow. */
    NAMED,
    /** The call is complete. */
    CALL
}
