package dev.snoozy.studio.chat;

import dev.snoozy.studio.StudioRig;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A studio in a process of its own, to be killed. */
final class StudioProcess {
    private StudioProcess() {}

    /**
     * Opens and closes a studio in the folder of the first argument, so that what takes long in a
     * new process is done. Then waits for a line that names another folder, opens a studio there
     * and prints its address.
     */
    public static void main(String[] args) throws Exception {
        Path spare = Path.of(args[0]);
        Files.createDirectories(spare.resolve("models"));
        StudioRig.in(spare).close();
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String home = in.readLine();
            if (home == null) {
                return; // the test has ended
            }
            try (StudioRig rig = StudioRig.in(Path.of(home))) {
                System.out.println(rig.url());
                in.read(); // for ever; or until the test ends, whatever becomes of it
            }
        }
    }
}
