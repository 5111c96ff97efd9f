package dev.snoozy.cli.doctor;

/**
 * One thing that was looked at.
 *
 * @param subject what was looked at
 * @param state how it stands
 * @param found what was found
 * @param cure what to do, or nothing
 */
record Finding(String subject, State state, String found, String cure) {
    enum State {
        OK,
        /** Works, and could be better. */
        NOTE,
        /** Something will fail until it is mended. */
        PROBLEM
    }

    static Finding ok(String subject, String found) {
        return new Finding(subject, State.OK, found, "");
    }

    static Finding note(String subject, String found, String cure) {
        return new Finding(subject, State.NOTE, found, cure);
    }

    static Finding problem(String subject, String found, String cure) {
        return new Finding(subject, State.PROBLEM, found, cure);
    }
}
