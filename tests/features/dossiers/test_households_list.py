def test_x(sign_in):
    client = sign_in("claire-maurin")
    page = client.get("/households")
    print(page.get_data(as_text=True))
    assert page.status_code == 200
