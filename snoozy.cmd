@echo off
rem Snoozy's launcher for Windows: finds a JDK 25, builds when needed, makes a start-up cache once, and starts.
setlocal EnableExtensions DisableDelayedExpansion

set "home=%~dp0"
if "%home:~-1%"=="\" set "home=%home:~0,-1%"
set "jar=%home%\cli\target\snoozy-cli-0.1.0-SNAPSHOT.jar"
set "state=%home%\.snoozy"
set "java_home="

rem ---- a JDK 25

if defined SNOOZY_JAVA_HOME call :try "%SNOOZY_JAVA_HOME%"
if not defined java_home if defined JAVA_HOME call :try "%JAVA_HOME%"
for %%P in (
  "%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu"
  "%ProgramFiles%\Amazon Corretto" "%ProgramFiles%\BellSoft" "%LOCALAPPDATA%\Programs\Eclipse Adoptium"
  "%USERPROFILE%\.jdks" "%USERPROFILE%\scoop\apps\temurin25-jdk"
) do if exist "%%~P" for /d %%D in ("%%~P\*") do if not defined java_home call :try "%%~D"
if not defined java_home (
  if defined SNOOZY_JAVA_HOME (
    echo snoozy: SNOOZY_JAVA_HOME is %SNOOZY_JAVA_HOME%, which is no JDK 25; point it to one 1>&2
  ) else (
    echo snoozy: no JDK 25 found; install one ^(for instance Temurin 25^) or point SNOOZY_JAVA_HOME to it 1>&2
  )
  exit /b 1
)
set "java=%java_home%\bin\java.exe"

rem ---- the Vector API, if wanted: Java warns of it at each start, so it is only there for those who ask

set "vector="
set "name=start"
if not defined SNOOZY_VECTOR set "SNOOZY_VECTOR=0"
if "%SNOOZY_VECTOR%"=="1" (
  set "vector=--add-modules=jdk.incubator.vector"
  set "name=start-vector"
) else if not "%SNOOZY_VECTOR%"=="0" (
  echo snoozy: SNOOZY_VECTOR is %SNOOZY_VECTOR%; expected 1 ^(compute with the Vector API where machine code cannot run^) or 0 1>&2
  exit /b 1
)
set "cache=%state%\%name%.aot"
set "mark=%state%\%name%.for"

rem ---- build, if a source is newer than the last build

if not exist "%state%" mkdir "%state%" || exit /b 1
call :stale
if errorlevel 1 (
  call :build
  if errorlevel 1 exit /b 1
)

rem ---- a cache of loaded classes, which halves the time to start; bound to this JDK, this build and its modules

set "cached_for="
if exist "%mark%" set /p cached_for=<"%mark%"
if not "%cached_for%"=="%java_home%" if exist "%cache%" del /q "%cache%"
if not exist "%cache%" (
  "%java%" "-XX:AOTCacheOutput=%cache%" -Xlog:aot=off -Xlog:cds=off %vector% "-Dsnoozy.home=%home%" -jar "%jar%" warm-up >nul 2>&1 <nul
  >"%mark%" echo %java_home%
)
set "aot=-XX:-PrintWarnings"
if exist "%cache%" set "aot=-XX:AOTCache=%cache%"
"%java%" "%aot%" -Xlog:aot=off -Xlog:cds=off -XX:+UseSerialGC -Xms64m -XX:TieredStopAtLevel=4 %vector% "-Dsnoozy.home=%home%" -jar "%jar%" %*
exit /b %errorlevel%

:try
if exist "%~1\bin\java.exe" if exist "%~1\release" (
  findstr /b /c:"JAVA_VERSION=\"25\"" /c:"JAVA_VERSION=\"25." "%~1\release" >nul && set "java_home=%~1"
)
exit /b 0

:stale
if not exist "%jar%" exit /b 1
if not exist "%state%\built" exit /b 1
powershell -NoProfile -Command "$built = (Get-Item -LiteralPath $env:state\built).LastWriteTime; $sources = @(Get-Item $env:home\pom.xml, $env:home\*\pom.xml) + @(Get-ChildItem -Recurse -File $env:home\*\src\main); if ($sources | Where-Object { $_.LastWriteTime -gt $built } | Select-Object -First 1) { exit 1 }"
exit /b %errorlevel%

:build
where mvn >nul 2>&1 || (
  echo snoozy: Maven is needed to build; install it ^(3.8 or newer^) and try again 1>&2
  exit /b 1
)
echo snoozy: building ^(the first time takes a minute or two^) ... 1>&2
>"%state%\stamp" type nul
pushd "%home%"
call mvn -q -B package -pl cli -am -Dmaven.test.skip=true -Djacoco.skip=true 1>&2 <nul
if errorlevel 1 (
  popd
  echo snoozy: the build failed; its output stands above 1>&2
  exit /b 1
)
popd
del /q "%state%\*.aot" 2>nul
move /y "%state%\stamp" "%state%\built" >nul
exit /b 0
