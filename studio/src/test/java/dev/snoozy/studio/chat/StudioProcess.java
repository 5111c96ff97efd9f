package dev.snoozy.studio.chat;

import dev.snoozy.studio.StudioRig;

import java.nio.file.Path;

/** A studio in a process of its own, to be killed. */
final class StudioProcess {
    private StudioProcess() {}

    /** Starts a studio in the folder of the first argument and prints its address. */
    public static void main(String[] args) throws Exception {
        try (StudioRig rig = StudioRig.in(Path.of(args[0]))) {
            System.out.println(rig.url());
            System.in.read(); // for ever; or until the test ends, whatever becomes of it
        }
    }
}
