package dev.snoozy.cli.serve;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The user's browser, as the system opens it. */
final class Browser {
    private Browser() {}

    /** Opens a page; false if this system has no browser to show it in. */
    static boolean open(String url) {
        Optional<List<String>> command = command(url);
        if (command.isEmpty()) {
            return false;
        }
        try {
            new ProcessBuilder(command.get())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) {
            return false; // the command is not there
        }
    }

    private static Optional<List<String>> command(String url) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.contains("windows")) {
            return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler", url));
        }
        if (system.contains("mac")) {
            return Optional.of(List.of("open", url));
        }
        boolean screen =
                System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
        return screen ? Optional.of(List.of("xdg-open", url)) : Optional.empty();
    }
}
