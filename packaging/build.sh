#!/bin/sh
# build.sh deb|rpm [FOLDER] - builds the Debian or the RPM package from this tree as it stands (a clone, changed or not,
# or an unpacked tarball) and puts it, with its source package, into FOLDER, default build/packages. Installs what that
# needs first (packaging/needs.sh). The work is done on a copy of the tree in build/packages/work: there the same tree
# always gives the same bytes, and both kinds share their object files where ccache is there.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
case ${1:-} in
  deb | rpm) kind=$1 ;;
  *) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
mkdir -p "${2:-$top/build/packages}" "$top/build/packages/work"
folder=$(cd "${2:-$top/build/packages}" && pwd)
work=$top/build/packages/work
cd "$top"
. packaging/progress.sh
sh packaging/needs.sh build "$kind"

# one build at a time: they share the work folder
exec 9>"$work.lock"
flock 9
PROGRESS_LOG=$top/build/packages/$kind.log

# Nothing of who builds, where and when gets into the packages.
. packaging/compiler_cache.sh
if [ -n "${ccache_folder:-}" ]; then
  CCACHE_DIR=$ccache_folder  # debhelper gives the build a home of its own
  export CCACHE_DIR
fi
unset CCACHE_BASEDIR CFLAGS CPPFLAGS CXXFLAGS LDFLAGS
export LC_ALL=C.UTF-8 LANG=C TZ=UTC
umask 022
# no symbols for debuggers: they are 50 times the package, and a third of its time
export DEB_CFLAGS_STRIP=-g DEB_CXXFLAGS_STRIP=-g
name=monitoring-plugins-mail
version=$(sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
SOURCE_DATE_EPOCH=$(date -d "$(sed -n 's/^ -- .*>  //p' packaging/debian/changelog | head -n 1)" +%s)
export SOURCE_DATE_EPOCH
source=$name-$version
jobs=$(nproc 2>/dev/null || echo 2)

# The files of the tree: what git knows or does not ignore; without git everything but the folder of builds. The folder
# debian of an unpacked source package is a copy; .gitignore is not part of one.
files() {
  if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$top" ]; then
    git -c core.quotePath=off ls-files --cached --others --exclude-standard | while read -r file; do
      [ ! -f "$file" ] || printf '%s\n' "$file"
    done
  else
    find . -type f ! -path './build/*' ! -path './.git/*' ! -path '*/__pycache__/*' | sed 's#^\./##'
  fi | grep -v -e '^debian/' -e '^\.gitignore$' | sort
}

archive() {
  files >"$work/files"
  tar --create --files-from="$work/files" --transform="s#^#$source/#" --mtime="@$SOURCE_DATE_EPOCH" --owner=0 \
    --group=0 --numeric-owner --mode=u=rwX,go=rX --format=gnu | gzip -9n >"$work/$source.tar.gz"
}

# Both are run by step, where the shell goes on after an error: hence the chains of &&.
build_deb() {
  tar -xpzf "$work/$source.tar.gz" -C "$work" &&
    cp -a "$work/$source/packaging/debian" "$work/$source/debian" &&
    cd "$work/$source" &&
    DEB_BUILD_OPTIONS="parallel=$jobs noautodbgsym" dpkg-buildpackage --no-sign &&
    mv "$work/${name}"_* "$folder"
}

build_rpm() {
  set -- --define "_topdir $work/rpm" --define "_builddir $work" --define "_sourcedir $work" \
    --define "_srcrpmdir $folder" --define "_rpmdir $folder" --define "_rpmfilename %%{NVRA}.rpm" \
    --define "_smp_mflags -j$jobs" --define "use_source_date_epoch_from_changelog 1" \
    --define "use_source_date_epoch_as_buildtime 1" --define "clamp_mtime_to_source_date_epoch 1" \
    --define "_buildhost localhost" --define "packager $(sed -n 's/^Maintainer: //p' packaging/debian/control)"
  if command -v dpkg-buildflags >/dev/null 2>&1; then
    # Debian's rpm does not know what is installed, has no flags of its own (those of the Debian package then), strips
    # nothing but what is for debuggers, and its script that compresses man pages is bash's
    export DEB_BUILD_MAINT_OPTIONS=hardening=+all
    set -- "$@" --nodeps --define "build_ldflags $(flags LDFLAGS) -s" \
      --define "optflags $(flags CXXFLAGS) $(flags CPPFLAGS)" \
      --define "__os_install_post bash %{_rpmconfigdir}/brp-compress"
  fi
  cp "packaging/rpm/$name.spec" "$work" &&
    touch --date="@$SOURCE_DATE_EPOCH" "$work/$name.spec" "$work/$source.tar.gz" &&
    rpmbuild -ba "$@" "$work/$name.spec"
}

# The flags have the folder of the sources in them.
flags() {
  mkdir -p "$work/$source"
  (cd "$work/$source" && dpkg-buildflags --get "$1")
}

rm -rf "${work:?}"
mkdir -p "$work"
archive
step "$kind package of $source" "build_$kind"
rm -rf "$work"
ls -l "$folder/$name"*
