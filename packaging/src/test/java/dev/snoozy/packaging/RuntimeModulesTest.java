package dev.snoozy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

class RuntimeModulesTest {
    /** A new dependency that needs another module fails here: name it in runtime-modules.txt. */
    @Test
    void theListIsWhatTheClassFilesAskFor() throws IOException {
        SortedSet<String> asked = foundByJdeps(Program.classPath());
        asked.addAll(requiredByOurs(Program.classPath()));
        RuntimeModules listed = RuntimeModules.listed();
        SortedSet<String> known = new TreeSet<>(listed.found());
        known.addAll(listed.leftOut());
        assertThat(known).isEqualTo(asked);
        assertThat(listed.added()).doesNotContainAnyElementsOf(asked);
    }

    @Test
    void everyModuleIsInThisJava() {
        List<String> here =
                ModuleFinder.ofSystem().findAll().stream().map(m -> m.descriptor().name()).toList();
        assertThat(here).containsAll(RuntimeModules.listed().given());
    }

    @Test
    void signsSayWhatIsAddedAndWhatIsLeftOut() {
        RuntimeModules modules =
                RuntimeModules.of(List.of("# a remark", "", "a  why", "+ b why", "- c  why not"));
        assertThat(modules.found()).containsExactly("a");
        assertThat(modules.leftOut()).containsExactly("c");
        assertThat(modules.given()).containsExactly("a", "b");
    }

    private static SortedSet<String> foundByJdeps(List<Path> classPath) {
        List<String> arguments =
                new ArrayList<>(List.of("--multi-release", "25", "--ignore-missing-deps"));
        // Some libraries are modules that require others of the class path by name.
        arguments.addAll(List.of("--list-deps", "--module-path", join(classPath)));
        classPath.forEach(entry -> arguments.add(entry.toString()));
        return Tool.jdk("jdeps", arguments.toArray(String[]::new))
                .lines()
                .map(String::strip)
                .filter(RuntimeModulesTest::isOfTheJdk)
                .map(line -> line.replaceFirst("/.*", "")) // an internal package follows
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String join(List<Path> classPath) {
        return classPath.stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** What our descriptors require, whether or not a class uses it yet. */
    private static List<String> requiredByOurs(List<Path> classPath) {
        Path[] ours = classPath.stream().filter(Libraries::isOurs).toArray(Path[]::new);
        return ModuleFinder.of(ours).findAll().stream()
                .map(ModuleReference::descriptor)
                .flatMap(module -> module.requires().stream())
                .filter(r -> !r.modifiers().contains(Requires.Modifier.STATIC))
                .map(Requires::name)
                .filter(RuntimeModulesTest::isOfTheJdk)
                .toList();
    }

    private static boolean isOfTheJdk(String module) {
        return module.startsWith("java.") || module.startsWith("jdk.");
    }
}
