package dev.snoozy.server.http;

/**
 * Who may ask beside the server's own page, which can change while the server runs. Where keys were
 * given at the start, they are demanded whatever a door says. Thread-safe.
 */
public interface Door {
    /** Every program on this machine may ask. */
    Door OPEN =
            new Door() {
                @Override
                public Access access() {
                    return Access.MACHINE;
                }

                @Override
                public boolean knows(String key) {
                    return false;
                }
            };

    /** Who may. */
    enum Access {
        /** The page only: for programs the server is off. */
        PAGE,
        /** Every program on this machine. */
        MACHINE,
        /** Programs that show a key. */
        KEY
    }

    /** Who may at this moment. */
    Access access();

    /** Whether a key is a good one. */
    boolean knows(String key);
}
