"""The portal's CSV and the change log."""

from pathlib import Path

import pytest

from scim_sync.rehearsal.directory import Directory, load_csv
from scim_sync.rehearsal.mappings import user_principal_name


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def test_new_column_names_are_read(tmp_path: Path) -> None:
    path = written(
        tmp_path, "userPrincipalName,id,officeLocation,mobilePhone,accountEnabled", "a@b.c,1,HQ,55,True"
    )
    user = load_csv(path).users["1"]
    assert user.get("physicalDeliveryOfficeName") == "HQ"
    assert user.get("mobile") == "55"


def test_old_column_names_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, "userPrincipalName,objectId,physicalDeliveryOfficeName,mobile", "a@b.c,1,HQ,55")
    user = load_csv(path).users["1"]
    assert user.get("physicalDeliveryOfficeName") == "HQ"
    assert user.get("mobile") == "55"


def test_extra_columns_become_attributes(tmp_path: Path) -> None:
    path = written(tmp_path, "userPrincipalName,id,mailNickname,employeeId", "a@b.c,1,a,007")
    assert load_csv(path).users["1"].get("employeeId") == "007"


def test_disabled_account_is_read_as_disabled(tmp_path: Path) -> None:
    path = written(tmp_path, "userPrincipalName,id,accountEnabled", "a@b.c,1,False", "d@b.c,2,True")
    assert [user.account_enabled for user in load_csv(path)] == [False, True]


@pytest.mark.parametrize("manager", ["2", "boss@b.c"])
def test_manager_is_named_by_object_id_or_upn(tmp_path: Path, manager: str) -> None:
    path = written(tmp_path, "userPrincipalName,id,manager", f"a@b.c,1,{manager}", "boss@b.c,2,")
    assert load_csv(path).users["1"].manager_id == "2"


def test_manager_who_is_not_in_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"manager x@b.c is not in the file"):
        load_csv(written(tmp_path, "userPrincipalName,id,manager", "a@b.c,1,x@b.c"))


def test_row_without_object_id_is_refused_with_its_number(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="row 3: no objectId"):
        load_csv(written(tmp_path, "userPrincipalName,id", "a@b.c,1", "d@b.c,"))


def test_guest_is_sent_without_ext_and_home_domain(tmp_path: Path) -> None:
    path = written(
        tmp_path, "userPrincipalName,id,userType", "p_fabrikam.example#EXT#@c.onmicrosoft.com,1,Guest"
    )
    assert user_principal_name(load_csv(path).users["1"]) == "p_fabrikam.example"


def test_changed_since_names_each_user_once(directory: Directory) -> None:
    watermark = len(directory.log)
    directory.edit("object-ada", displayName="A")
    directory.enable("object-ada", enabled=False)
    assert [user.get("displayName") for user in directory.changed_since(watermark)] == ["A"]


def test_edit_knows_the_portals_column_names(directory: Directory) -> None:
    directory.edit("object-ada", officeLocation="HQ")
    assert directory.users["object-ada"].get("physicalDeliveryOfficeName") == "HQ"
