package dev.snoozy.cook;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A step of a cook: makes files in a folder of its own from others. */
interface Stage {
    /** Also its folder below that of the cook. */
    String name();

    /** Changes with everything that the result depends on, and with nothing else. */
    String key() throws IOException;

    /**
     * Makes the files.
     *
     * @param folder of the stage, which is there
     * @param goesOn whether an earlier run of the same was broken off in it
     * @param listener is told how far it is
     * @return the names of the files that count: the same inputs give the same bytes
     * @throws InterruptedException if it was stopped; what it has done stays for the next run
     */
    List<String> run(Path folder, boolean goesOn, CookListener listener)
            throws IOException, InterruptedException;

    /** Asks it to end soon. Any thread. */
    default void stop() {}
}
