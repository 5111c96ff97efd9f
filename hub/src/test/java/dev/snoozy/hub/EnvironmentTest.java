package dev.snoozy.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

class EnvironmentTest {
    private static Environment of(String foreign) {
        return new Environment(
                Map.of("SNOOZY_FOREIGN", foreign), Path.of("home"), Path.of("root"), "Linux");
    }

    @Test
    void allProgramsAreLookedIntoUnlessSomebodySaysNo() {
        assertThat(of("on").foreign())
                .containsExactlyInAnyOrder(
                        Place.OLLAMA,
                        Place.LM_STUDIO,
                        Place.GPT4ALL,
                        Place.HUGGING_FACE,
                        Place.LLAMA_CPP,
                        Place.JAN);
        assertThat(of("").foreign()).hasSize(6);
        assertThat(of("OFF").foreign()).isEmpty();
    }

    @Test
    void programsAreNamedOrLeftOut() {
        assertThat(of("ollama, jan").foreign()).containsExactly(Place.OLLAMA, Place.JAN);
        assertThat(of("-ollama,-jan").foreign()).hasSize(4).doesNotContain(Place.OLLAMA);
    }

    @Test
    void aProgramThatIsNotKnownIsRefusedWithThoseThatAre() {
        assertThatThrownBy(() -> of("ollama,lmstudio").foreign())
                .isInstanceOf(HubException.class)
                .hasMessageContaining("\"lmstudio\"")
                .hasMessageContaining("lm-studio");
        assertThatThrownBy(() -> of("store").foreign()).isInstanceOf(HubException.class);
    }

    @Test
    void eachPlatformHasItsOwnFolders() {
        Path home = Path.of("home");
        Environment windows =
                new Environment(Map.of("LOCALAPPDATA", "local"), home, home, "Windows 11");
        assertThat(windows.data()).isEqualTo(Path.of("local"));
        Environment mac = new Environment(Map.of(), home, home, "Mac OS X");
        assertThat(mac.data()).isEqualTo(home.resolve("Library").resolve("Application Support"));
        Environment linux = new Environment(Map.of("XDG_CACHE_HOME", "c"), home, home, "Linux");
        assertThat(linux.data()).isEqualTo(home.resolve(".local").resolve("share"));
        assertThat(linux.cache()).isEqualTo(Path.of("c"));
        assertThat(new Environment(Map.of("A", "~/x"), home, home, "Linux").folder("A"))
                .contains(home.resolve("x"));
    }
}
